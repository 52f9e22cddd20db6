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

export function fill(sentence: string, places: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(places[name] ?? place));
}
