/** What is wrong while somebody types; the page words it by `code`. */
export interface Finding {
  from: number;
  to: number;
  code: Code;
  places: Record<string, string>;
}

export type Code =
  | "syntax" | "tab" | "indent" | "colon" | "open" | "duplicate" | "notObject" | "noKind" | "noApiVersion" | "noName"
  | "unknownKind" | "otherVersion" | "unknownField" | "type" | "required" | "enum" | "quantity";
