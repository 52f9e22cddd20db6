import { expect, it } from "vitest";
import template from "../../templates/attempts/_words.html?raw";
import editor from "../../templates/attempts/_words_editor.html?raw";
import map from "../../templates/attempts/_words_map.html?raw";
import { fill, KEYS } from "../src/words";

const worded = [...(template + editor + map).matchAll(/^"([\w.]+)": "(.*)",?$/gm)];

it("finds every key in the page's words, and no other", () => {
  expect(worded.map(([, key]) => key).sort()).toEqual([...KEYS].sort());
});

it("gets every word through translation and escaping", () => {
  for (const [, , value] of worded) expect(value).toMatch(/^\{% filter escapejs %\}\{% translate "[^"]+" %\}\{% endfilter %\}$/);
});

it("fills places, and leaves one that it does not know", () => {
  expect(fill("{ready} of {wanted} ready", { ready: 1, wanted: 3 })).toBe("1 of 3 ready");
  expect(fill("{what}?", {})).toBe("{what}?");
});

it("tells one from many", () => {
  const sentence = "{n} of {all} {all#point|points}";
  expect([fill(sentence, { n: 0, all: 1 }), fill(sentence, { n: 1, all: 3 })]).toEqual(["0 of 1 point", "1 of 3 points"]);
});
