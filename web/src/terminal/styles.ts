// SPDX-License-Identifier: Apache-2.0
// xterm.js writes <style> elements as it opens, which our content security policy refuses. (Its documentOverride does not reach all of
// them.) While it opens it gets other elements, whose text becomes a constructed style sheet: the CSSOM's, which a policy leaves alone.

export function withoutStyleElements(open: () => void): void {
  /* eslint-disable @typescript-eslint/no-deprecated -- its overload for names of any kind is what xterm.js calls */
  const createElement = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? styleElement(createElement('span')) : createElement(name, options);
  /* eslint-enable @typescript-eslint/no-deprecated */
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, 'createElement'); // the prototype's is there again
  }
}

function styleElement(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  element.hidden = true;
  document.adoptedStyleSheets.push(sheet);
  Object.defineProperties(element, {
    textContent: { set: (text: string) => sheet.replaceSync(text) },
    remove: {
      value: () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
        Element.prototype.remove.call(element);
      },
    },
  });
  return element;
}
