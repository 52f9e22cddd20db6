import { word } from "../words";

/** CodeMirror's own sentences in the page's language. */
export function phrases(): Record<string, string> {
  return {
    Find: word("find.find"),
    Replace: word("find.replace"),
    next: word("find.next"),
    previous: word("find.previous"),
    all: word("find.all"),
    "match case": word("find.case"),
    regexp: word("find.regexp"),
    "by word": word("find.word"),
    replace: word("find.replace"),
    "replace all": word("find.replaceAll"),
    close: word("find.close"),
    "current match": word("find.current"),
    "on line": word("find.onLine"),
    "replaced match on line $": word("find.replacedOne"),
    "replaced $ matches": word("find.replacedMany"),
    "Go to line": word("find.goTo"),
    go: word("find.go"),
    Completions: word("complete.label"),
    Diagnostics: word("lint.label"),
    "No diagnostics": word("lint.none"),
    "Folded lines": word("fold.lines"),
    "Unfolded lines": word("fold.lines"),
    "folded code": word("fold.folded"),
    unfold: word("fold.unfold"),
    "Fold line": word("fold.fold"),
    "Unfold line": word("fold.unfold"),
    "$ unchanged lines": word("compare.unchanged"),
  };
}
