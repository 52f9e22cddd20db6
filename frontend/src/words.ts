/** Every sentence of the elements: templates/attempts/_words.html fills these keys in the page's language. */
export const KEYS = [
  "verdict.pass", "verdict.fail", "verdict.waiting", "verdict.error", "verdict.untried",
  "checks.summary", "checks.points", "checks.where", "checks.expected", "checks.actual", "checks.hidden",
  "checks.absent", "checks.explains", "checks.times", "checks.hint", "checks.because",
  "phase.queued", "phase.applying", "phase.waiting", "phase.deciding", "phase.decided", "phase.error",
  "trail.none", "trail.retry", "trail.problems", "trail.line", "trail.score",
  "action.created", "action.configured", "action.unchanged", "action.failed",
  "cluster.loading", "cluster.empty", "cluster.alone", "cluster.services", "cluster.other", "cluster.events",
  "cluster.ready", "cluster.endpoints", "cluster.unserved", "cluster.older", "cluster.noPods", "cluster.count",
  "detail.node", "detail.address", "detail.images", "detail.containers", "detail.restarts", "detail.labels",
  "detail.message",
  "state.ok", "state.pending", "state.starting", "state.running", "state.ready", "state.succeeded", "state.failing",
  "state.terminating", "state.unknown",
  "sandbox.preparing", "sandbox.failed", "sandbox.closed",
  "draft.saved", "draft.saving", "draft.unsaved",
  "editor.label", "unreachable",
  "checks.showHint", "checks.showHintCosts", "files.label", "files.note", "files.wrong", "editor.restored",
  "editor.elsewhere", "editor.unformatted", "editor.takeBack", "compare.none", "compare.unchanged", "sandbox.left",
  "sandbox.soon", "doc.required", "doc.allowed", "doc.none", "complete.label", "type.object", "type.array",
  "type.listOf", "type.string", "type.integer", "type.number", "type.boolean", "type.quantity", "type.intOrString",
  "type.value", "type.kind", "lint.label", "lint.none", "lint.suggestion", "lint.syntax", "lint.tab", "lint.indent",
  "lint.colon", "lint.open", "lint.duplicate", "lint.notObject", "lint.noKind", "lint.noApiVersion", "lint.noName",
  "lint.unknownKind", "lint.otherVersion", "lint.unknownField", "lint.type", "lint.required", "lint.enum",
  "lint.quantity", "find.find", "find.replace", "find.next", "find.previous", "find.all", "find.case", "find.regexp",
  "find.word", "find.replaceAll", "find.close", "find.current", "find.onLine", "find.replacedOne",
  "find.replacedMany", "find.goTo", "find.go", "fold.lines", "fold.folded", "fold.unfold", "fold.fold",
  "map.label", "map.views", "map.map", "map.table", "map.fit", "map.zoomIn", "map.zoomOut", "map.waiting", "map.storage",
  "map.configuration", "map.missing", "map.notReady", "map.cordoned", "map.olderOnes", "map.on", "map.marked",
  "map.past", "map.live", "map.toLive",
  "table.object", "table.state", "table.relations", "table.keptBy", "table.fedBy", "table.servedBy", "table.notServedBy",
  "drawer.summary", "drawer.yaml", "drawer.events", "drawer.log", "drawer.close", "drawer.gone", "drawer.hidden",
  "drawer.reveal", "drawer.switchOn", "drawer.switchOff", "drawer.power", "drawer.noEvents", "drawer.noLog",
  "drawer.container", "drawer.follow", "drawer.previous",
  "scene.start", "scene.pause", "scene.again", "scene.step", "scene.at", "scene.trouble",
  "terminal.label", "terminal.loading", "terminal.lost", "terminal.anew", "terminal.more", "terminal.closed",
  "terminal.preparing", "terminal.waiting", "terminal.expired", "terminal.away", "terminal.busy", "terminal.tooMany", "terminal.moved",
  "terminal.tooFast", "terminal.here", "terminal.options", "terminal.reader", "terminal.colours",
  "terminal.larger", "terminal.smaller", "terminal.clear", "terminal.keys", "terminal.older", "terminal.newer",
  "terminal.edit", "terminal.save", "terminal.cancel",
] as const;

export type Word = (typeof KEYS)[number];
export type Words = Record<Word, string>;

let words: Partial<Words> | undefined;

function read(): Partial<Words> {
  const source = document.getElementById("words")?.textContent;
  return source ? (JSON.parse(source) as Words) : {};
}

/** The sentence with its {places} filled. */
export function word(key: Word, places: Record<string, string | number> = {}): string {
  words ??= read();
  return fill(words[key] ?? key, places);
}

/** `{worth#point|points}`: the word that fits the number, in a language that tells one from many. */
export function fill(sentence: string, places: Record<string, string | number>): string {
  const chosen = sentence.replace(/\{(\w+)#([^|}]*)\|([^}]*)\}/g, (_, name: string, one: string, many: string) =>
    Number(places[name]) === 1 ? one : many,
  );
  return chosen.replace(/\{(\w+)\}/g, (place, name: string) => String(places[name] ?? place));
}
