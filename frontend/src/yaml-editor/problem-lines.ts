import { RangeSet, StateEffect, StateField, type Text, type Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutterLineClass, WidgetType } from "@codemirror/view";
import type { Problem } from "../wire";
import { byLine } from "./by-line";

export const markProblems = StateEffect.define<readonly Problem[]>();

interface Marks {
  lines: DecorationSet;
  gutter: RangeSet<GutterMarker>;
}

class Words extends WidgetType {
  constructor(readonly messages: readonly string[]) {
    super();
  }

  override eq(other: Words): boolean {
    return other.messages.join("\n") === this.messages.join("\n");
  }

  override toDOM(): HTMLElement {
    const box = document.createElement("div");
    box.className = "problem-words";
    for (const message of this.messages) box.append(Object.assign(document.createElement("p"), { textContent: message }));
    return box;
  }
}

class Mark extends GutterMarker {
  override elementClass = "problem-gutter";
}

const NONE: Marks = { lines: Decoration.none, gutter: RangeSet.empty };
const line = Decoration.line({ class: "problem-line" });
const mark = new Mark();

function marksOf(problems: readonly Problem[], doc: Text): Marks {
  const lines = [];
  const gutter = [];
  for (const [number, messages] of byLine(problems, doc.lines)) {
    const { from, to } = doc.line(number);
    lines.push(line.range(from), Decoration.widget({ widget: new Words(messages), block: true, side: 1 }).range(to));
    gutter.push(mark.range(from));
  }
  return { lines: Decoration.set(lines, true), gutter: RangeSet.of(gutter) };
}

/** A message is about a line as it was: it goes away with the first change to that line. */
function without(marks: Marks, transaction: Transaction): Marks {
  const touched = new Set<number>();
  const { doc } = transaction.state;
  transaction.changes.iterChangedRanges((_fromOld, _toOld, from, to) => {
    for (let number = doc.lineAt(from).number; number <= doc.lineAt(to).number; number++) touched.add(number);
  });
  const stays = (from: number): boolean => !touched.has(doc.lineAt(from).number);
  return {
    lines: marks.lines.map(transaction.changes).update({ filter: stays }),
    gutter: marks.gutter.map(transaction.changes).update({ filter: stays }),
  };
}

const field = StateField.define<Marks>({
  create: () => NONE,
  update(marks, transaction) {
    let next = transaction.docChanged ? without(marks, transaction) : marks;
    for (const effect of transaction.effects) {
      if (effect.is(markProblems)) next = marksOf(effect.value, transaction.state.doc);
    }
    return next;
  },
  provide: (self) => [
    EditorView.decorations.from(self, (marks) => marks.lines),
    gutterLineClass.from(self, (marks) => marks.gutter),
  ],
});

/** Problems in the text itself: the line marked, the words under it. */
export const problemLines = [field];
