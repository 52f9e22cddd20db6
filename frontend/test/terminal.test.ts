import { beforeEach, describe, expect, it } from "vitest";
import { after, cellWidth } from "../src/lab-terminal/cell-width";
import { completeLine, inColumns } from "../src/lab-terminal/completing";
import { Conversation, type Paper } from "../src/lab-terminal/conversation";
import { EditedLine } from "../src/lab-terminal/edited-line";
import { FileChanges } from "../src/lab-terminal/file-changes";
import { read } from "../src/lab-terminal/keys";
import { LineHistory } from "../src/lab-terminal/line-history";
import type { PageToTerminal } from "../src/terminal-wire";

/** A screen that knows as much of a terminal as the line editor uses. */
class FakePaper implements Paper {
  rows = 24;
  lines: string[][] = [[]];
  row = 0;
  #column = 0;
  #waiting = false; // in the last cell of a full row

  constructor(public columns = 20) {}

  get column(): number {
    return Math.min(this.#column, this.columns - 1);
  }

  get text(): string {
    return this.lines.map((line) => line.map((cell) => cell || " ").join("").trimEnd()).join("\n").trimEnd();
  }

  reset(): void {
    this.lines = [[]];
    this.row = this.#column = 0;
  }

  async write(text: string): Promise<void> {
    for (const part of text.match(/\x1b\[[0-9;]*[A-Za-z]|[\s\S]/gu) ?? []) this.#take(part);
  }

  #take(part: string): void {
    const count = Number(/\d+/.exec(part)?.[0] ?? 1);
    if (part === "\r") this.#move(this.row, 0);
    else if (part === "\n") this.#move(this.row + 1, this.#column);
    else if (part.endsWith("A") && part.startsWith("\x1b")) this.#move(Math.max(0, this.row - count), this.#column);
    else if (part.endsWith("B") && part.startsWith("\x1b")) this.#move(this.row + count, this.#column);
    else if (part.endsWith("C") && part.startsWith("\x1b")) this.#move(this.row, this.#column + count);
    else if (part === "\x1b[J") this.#erase();
    else if (!part.startsWith("\x1b")) this.#put(part);
  }

  #move(row: number, column: number): void {
    this.row = row;
    this.#column = Math.min(column, this.columns - 1);
    this.#waiting = false;
    while (this.lines.length <= row) this.lines.push([]);
  }

  #erase(): void {
    this.lines.length = this.row + 1;
    this.lines[this.row]!.length = Math.min(this.lines[this.row]!.length, this.#column);
  }

  #put(character: string): void {
    const width = cellWidth(character);
    if (this.#waiting || this.#column + width > this.columns) this.#move(this.row + 1, 0);
    const line = this.lines[this.row]!;
    while (line.length < this.#column) line.push(" ");
    line[this.#column] = character;
    if (width === 2) line[this.#column + 1] = "\u2060";
    this.#waiting = this.#column + width >= this.columns;
    this.#column = this.#waiting ? this.columns - 1 : this.#column + width;
  }
}

const plain = (text: string): string => text.replaceAll("\u2060", "");

describe("a conversation", () => {
  let paper: FakePaper;
  let said: PageToTerminal[];
  let talk: Conversation;
  let at = 0;

  beforeEach(() => {
    paper = new FakePaper();
    said = [];
    at = 0;
    const changes = new FileChanges();
    talk = new Conversation(paper, {
      send: (message) => void said.push(message),
      changedFiles: () => changes.take({ "web.yaml": "kind: Pod\n" }),
      forgetFiles: () => changes.forget(),
      more: (count) => `+${count}`,
      anew: () => "anew",
    });
    talk.hear({ type: "attached", session: "s1", fresh: true, history: ["ls", "kubectl get pods"], taken: 0, colours: true });
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
  });

  const output = (text: string, reset = false): void => {
    at += text.length;
    talk.hear({ type: "output", text, at, reset });
  };
  const type = (...keys: string[]): void => keys.forEach((key) => talk.press(key));
  const shown = async (): Promise<string> => (await talk.settled, plain(paper.text));

  it("sends a line with the files, and shows its echo once", async () => {
    type(..."ls -1", "\r");
    await talk.settled;
    expect(said).toEqual([{ type: "line", id: 1, text: "ls -1", files: { "web.yaml": "kind: Pod\n" } }]);
    output("$ ls -1\r\nweb.yaml\r\n");
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    expect(await shown()).toBe("$ ls -1\nweb.yaml\n$");
    type(..."pwd", "\r");
    await talk.settled;
    expect(said.at(-1)).toMatchObject({ id: 2, text: "pwd", files: {} });
  });

  it("takes an echo that comes in pieces, and one that is not what was typed", async () => {
    type("x", "\r");
    output("$ ");
    output("x\r\nout\r\n");
    expect(await shown()).toBe("$ x\nout");
    type("\x0c");
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    type("y", "\r");
    output("something else\r\n");
    expect(await shown()).toBe("$ y\nsomething else");
  });

  it("edits in the middle, over the screen's edge, with wide characters", async () => {
    type(..."echo 123456789012345678901234567890");
    type("\x01", ..."가나 ");
    expect(await shown()).toBe("$ 가나 echo 12345678\n90123456789012345678\n90");
    type("\x05", "\x15");
    expect(await shown()).toBe("$");
    expect(paper.row).toBe(0);
  });

  it("stands on the next row when one is full", async () => {
    type(..."123456789012345678");
    await talk.settled;
    expect([paper.row, paper.column]).toEqual([1, 0]);
    type("\x7f");
    await talk.settled;
    expect([paper.row, paper.column]).toEqual([0, 19]);
    type(..."89", "\r");
    output("$ 1234567890123456789\r\nout\r\n");
    expect(await shown()).toBe("$ 123456789012345678\n9\nout");
  });

  it("keeps what is being typed below output that comes in between", async () => {
    type(..."sleep 9", "\r");
    talk.hear({ type: "mode", mode: "running", prompt: "" });
    output("$ sleep 9\r\n");
    type(..."next");
    output("one\r\n");
    output("two\r\n");
    expect(await shown()).toBe("$ sleep 9\none\ntwo\nnext");
    type("\r");
    await talk.settled;
    expect(said.at(-1)).toEqual({ type: "input", text: "next\n" });
  });

  it("sends pasted lines at once and keeps the last one", async () => {
    type(..."a ", "b\r\ncat <<EOF\rkind: Pod\nEOF\rrest");
    await talk.settled;
    expect(said.at(-1)).toMatchObject({ type: "line", text: "a b\ncat <<EOF\nkind: Pod\nEOF" });
    output("$ a b\r\n");
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    expect(await shown()).toBe("$ a b\n$ rest");
  });

  it("goes through the history and searches it", async () => {
    type("\x1b[A");
    expect(await shown()).toBe("$ kubectl get pods");
    type("\x1b[A", "\x1b[B", "\x1b[B");
    expect(await shown()).toBe("$");
    paper.columns = 60;
    type("\x12", ..."ls");
    expect(await shown()).toContain("`ls': ls");
    type("\r");
    await talk.settled;
    expect(said.at(-1)).toMatchObject({ text: "ls" });
  });

  it("ends a command with Ctrl-C, and throws a line away", async () => {
    type(..."abc", "\x03");
    expect(await shown()).toBe("$ abc^C\n$");
    expect(said).toEqual([]);
    type("x", "\r");
    talk.hear({ type: "mode", mode: "running", prompt: "" });
    type("\x03", "\x04");
    await talk.settled;
    expect(said.slice(-2)).toEqual([{ type: "interrupt" }, { type: "eof" }]);
  });

  it("passes keys on to an interactive program", async () => {
    talk.hear({ type: "mode", mode: "raw", prompt: "" });
    await talk.settled;
    type("\x1b[A", "\x03", "q");
    expect(said).toEqual(["\x1b[A", "\x03", "q"].map((text) => ({ type: "input", text })));
  });

  it("completes what is certain and lists the rest", async () => {
    type(..."kubectl ge", "\t");
    await talk.settled;
    expect(said.at(-1)).toMatchObject({ type: "complete", id: 1, line: "kubectl ge" });
    talk.hear({ type: "completions", id: 1, start: 8, words: ["get"] });
    expect(await shown()).toBe("$ kubectl get");
    type(..."p", "\t");
    await talk.settled;
    talk.hear({ type: "completions", id: 2, start: 12, words: ["pods", "pvc"] });
    expect(await shown()).toBe("$ kubectl get p\npods  pvc\n$ kubectl get p");
    talk.hear({ type: "completions", id: 1, start: 0, words: ["late"] });
    expect(await shown()).toContain("$ kubectl get p");
  });

  it("says a line again that was not heard, and not one that was", async () => {
    type("x", "\r");
    await talk.settled;
    talk.away();
    talk.attach();
    expect(said.at(-1)).toMatchObject({ type: "attach", session: "s1", seen: 0 });
    talk.hear({ type: "attached", session: "s1", fresh: false, history: [], taken: 0, colours: true });
    output("", false);
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    await talk.settled;
    expect(said.filter((message) => message.type === "line")).toHaveLength(2);
    output("$ x\r\nout\r\n");
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    expect(await shown()).toBe("$ x\nout\n$");
    talk.hear({ type: "attached", session: "s1", fresh: false, history: [], taken: 1, colours: true });
    await talk.settled;
    expect(said.filter((message) => message.type === "line")).toHaveLength(2);
  });

  it("draws everything anew where the page has nothing that fits", async () => {
    output("old\r\n");
    output("$ ls\r\nnew\r\n", true);
    expect(await shown()).toBe("$ ls\nnew\n$");
  });

  it("says when the session of before is gone", async () => {
    output("old\r\n");
    talk.hear({ type: "attached", session: "s2", fresh: true, history: [], taken: 0, colours: true });
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    expect(await shown()).toBe("old\n\nanew\n$");
    type("x", "\r");
    await talk.settled;
    expect(said.at(-1)).toMatchObject({ id: 1 });
  });

  it("goes on after a refusal", async () => {
    type("x", "\r");
    talk.hear({ type: "notice", trouble: "closed" });
    talk.hear({ type: "mode", mode: "ready", prompt: "$ " });
    expect(await shown()).toBe("$ x\n$");
  });
});

describe("parts", () => {
  it("knows how wide characters are", () => {
    expect([..."a가，e\u0301"].map(cellWidth)).toEqual([1, 2, 2, 1, 0]);
    expect(after("가가", { row: 0, column: 0 }, 3)).toEqual({ row: 1, column: 2 });
  });

  it("reads keys and pastes, and nothing that a paste hides", () => {
    expect(read("\x1b[A")).toEqual([{ key: "up" }]);
    expect(read("\x1b[200~")).toEqual([]);
    expect(read("a\r\nb\tc\x07\u202e")).toEqual([{ text: "a\nb    c" }]);
  });

  it("edits words", () => {
    const line = new EditedLine();
    line.set("kubectl get deploy/web -o 😀");
    line.backspace();
    line.kill("word-before");
    line.kill("word-before");
    expect(line.text).toBe("kubectl get ");
    line.move("word-left");
    line.move("word-left");
    line.kill("word-after");
    expect(line.text).toBe(" get ");
    line.yank();
    expect(line.text).toBe("kubectl get ");
  });

  it("searches from the newest line", () => {
    const history = new LineHistory();
    for (const line of ["get a", "get b", " hidden", "get b", "ls"]) history.add(line);
    expect([0, 1, 2].map((skip) => history.find("get", skip))).toEqual(["get b", "get a", null]);
    expect(history.find("hidden", 0)).toBeNull();
  });

  it("completes by what all have in common", () => {
    const line = new EditedLine();
    line.set("get we");
    expect(completeLine(line, 4, ["web-1", "web-2"])).toEqual([]);
    expect(line.text).toBe("get web-");
    expect(completeLine(line, 4, ["web-1", "web-2"])).toEqual(["web-1", "web-2"]);
    expect(completeLine(line, 4, ["--output="])).toEqual([]);
    expect(line.text).toBe("get --output=");
    expect(inColumns(["a", "bb", "c"], 8, String)).toBe("a   c\r\nbb\r\n");
  });

  it("tells what changed since it was asked", () => {
    const changes = new FileChanges();
    expect(changes.take({ a: "1", b: "2" })).toEqual({ a: "1", b: "2" });
    changes.heard("a", "3");
    expect(changes.take({ a: "3" })).toEqual({ b: null });
    changes.forget();
    expect(changes.take({ a: "3" })).toEqual({ a: "3" });
  });
});
