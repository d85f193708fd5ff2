// The editor: CodeMirror with Python, a bundle of its own, loaded when a reader edits. Its colors
// are those of the published code, whose classes it uses.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  LanguageSupport,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, keymap } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

/** @import { Editor, EditorOptions } from "./page-types.ts" */

// What the book's style sheet calls the parts of code.
const colors = tagHighlighter([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], class: "k" },
  { tag: tags.moduleKeyword, class: "kn" },
  { tag: tags.operatorKeyword, class: "ow" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: [tags.integer, tags.number], class: "mi" },
  { tag: tags.float, class: "mf" },
  { tag: tags.string, class: "s2" },
  { tag: tags.special(tags.string), class: "si" },
  { tag: tags.comment, class: "c1" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.meta, class: "nd" },
  { tag: [tags.operator, tags.definitionOperator], class: "o" },
  { tag: [tags.punctuation, tags.bracket, tags.paren, tags.separator], class: "p" },
  { tag: [tags.variableName, tags.propertyName], class: "n" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused": { outline: "none" }, // the cell's frame shows it
  ".cm-content": { padding: "0.75rem 0", caretColor: "currentColor" },
  ".cm-line": { padding: "0 1rem" },
  ".cm-cursor": { borderLeftColor: "currentColor", borderLeftWidth: "2px" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid" },
});

/**
 * Put an editor into the page. Tab leaves it, and Shift-Enter or Control-Enter runs the code.
 *
 * @param {EditorOptions} options
 * @returns {Editor}
 */
export function create({ parent, text, label, at, onChange, onRun }) {
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run },
          { key: "Mod-Enter", run },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        history(),
        drawSelection(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        indentOnInput(),
        bracketMatching(),
        new LanguageSupport(pythonLanguage),
        syntaxHighlighting(colors),
        look,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  if (at) view.dispatch({ selection: { anchor: view.posAtCoords(at, false) } });
  return {
    text: () => view.state.doc.toString(),
    set: (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
