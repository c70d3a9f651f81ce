// SPDX-License-Identifier: Apache-2.0
import '@xterm/xterm/css/xterm.css';
import { Terminal, type ITerminalOptions } from '@xterm/xterm';
import { withoutStyleElements } from './styles';

const SCROLLBACK_LINES = 5_000;

/** Dark in both themes: what programs colour, they colour for a dark background. */
const THEME = { background: '#15191f', foreground: '#e6e9ee', cursor: '#e6e9ee', selectionBackground: '#3d5a80' };

/** xterm.js in an element. */
export function newTerminal(element: HTMLElement, options: ITerminalOptions): Terminal {
  const terminal = new Terminal({
    scrollback: SCROLLBACK_LINES,
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    fontSize: 14,
    theme: THEME,
    ...options,
  });
  withoutStyleElements(() => terminal.open(element));
  return terminal;
}
