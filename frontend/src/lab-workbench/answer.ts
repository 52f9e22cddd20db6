import { DraftSaver, type Texts } from "../draft-saver";
import type { FileTabsElement } from "../file-tabs/file-tabs-element";
import type { Server } from "../server";
import type { Draft, Problem } from "../wire";
import { word } from "../words";
import type { YamlEditorElement } from "../yaml-editor/yaml-editor-element";
import type { Notices } from "./notices";

/** What the page brings: the files as they began, as they stand, and the version of the latter. */
export interface AnswerFacts {
  start: Texts;
  files: Texts;
  version: number;
}

/** The answer's files: in the editor, as tabs, as drafts on the server, and the same in the student's other pages. */
export class Answer {
  #start: Texts;
  #version: number;
  #editor: YamlEditorElement;
  #tabs: FileTabsElement;
  #draft: DraftSaver;
  #server: Server;
  #notices: Notices;
  #undo: Texts = {};

  constructor(root: HTMLElement, facts: AnswerFacts, server: Server, schemas: string, notices: Notices) {
    this.#start = facts.start;
    this.#version = facts.version;
    this.#server = server;
    this.#notices = notices;
    this.#editor = root.querySelector<YamlEditorElement>("yaml-editor")!;
    this.#tabs = root.querySelector<FileTabsElement>("file-tabs")!;
    this.#draft = new DraftSaver(facts.files, this.#keep, (saved) => (draftPlace(root).textContent = word(`draft.${saved}`)));
    this.#editor.open(facts.files, schemas);
    for (const [name, text] of Object.entries(this.#editor.texts)) {
      if (text !== facts.files[name]) this.#draft.change(name, text); // typed before the code came
    }
    this.#tabs.own = Object.keys(facts.start);
    this.#showTabs();
  }

  get texts(): Texts {
    return this.#editor.texts;
  }

  get start(): Texts {
    return this.#start;
  }

  changed(file: string): void {
    this.#draft.change(file, this.#editor.texts[file] ?? "");
  }

  flush(leaving = false): Promise<void> {
    return this.#draft.flush(leaving);
  }

  choose(file: string): void {
    if (file) this.#editor.active = file;
    this.#showTabs();
  }

  show(file: string, line: number, column: number): void {
    this.choose(file);
    this.#editor.show(line, column);
  }

  set problems(problems: readonly Problem[]) {
    this.#editor.problems = problems;
    this.#tabs.wrong = new Set(problems.map((problem) => problem.file).filter((file) => file !== ""));
  }

  /** Every file as it began. */
  restore(): void {
    this.#put(this.#start, word("editor.restored"));
  }

  /** What `restore` or another page has replaced, once more. */
  undo(): void {
    this.#notices.undo("");
    for (const [file, text] of Object.entries(this.#undo)) this.#editor.write(file, text);
  }

  /** Another page of this student, or the terminal, wrote: its text comes here, unless this one is just being changed. */
  async follow(told: Pick<Draft, "version" | "tab">): Promise<void> {
    if (told.version <= this.#version || told.tab === this.#server.tab) {
      this.#version = Math.max(this.#version, told.version);
      return;
    }
    const { version, files } = await this.#server.drafts();
    if (version < this.#version) return;
    this.#version = version;
    const theirs = Object.entries(files).filter(([file, text]) => !this.#draft.dirty(file) && this.texts[file] !== text);
    for (const [file, text] of theirs) this.#draft.adopt(file, text);
    if (theirs.length) this.#put(Object.fromEntries(theirs), word("editor.elsewhere"));
    this.#showTabs();
  }

  #put(files: Texts, words: string): void {
    const before = this.texts;
    const changing = Object.keys(files).filter((file) => before[file] !== files[file]);
    if (changing.length === 0) return;
    this.#undo = Object.fromEntries(changing.filter((file) => file in before).map((file) => [file, before[file]!]));
    this.#editor.problems = []; // they were about another text
    for (const file of changing) this.#editor.write(file, files[file]!);
    if (Object.keys(this.#undo).length) this.#notices.undo(words);
  }

  #keep = async (files: Texts, leaving: boolean): Promise<void> => {
    const version = await this.#server.draft(files, leaving);
    this.#version = Math.max(this.#version, version);
  };

  #showTabs(): void {
    this.#tabs.files = Object.keys(this.#editor.texts);
    this.#tabs.active = this.#editor.active;
  }
}

function draftPlace(root: HTMLElement): HTMLElement {
  return root.querySelector<HTMLElement>('[data-says="draft"]')!;
}
