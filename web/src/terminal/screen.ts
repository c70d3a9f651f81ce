// SPDX-License-Identifier: Apache-2.0
import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';
import { copySelection } from '../shared/clipboard';
import { TerminalConnection, type State, type Where } from './connection';
import { newTerminal } from './emulator';

export interface Screen {
  end: () => Promise<void>;
  close: () => void;
}

/** xterm.js in an element, joined to a shell. What it answers to what is shown once more is not sent: a program has had it. */
export function openScreen(element: HTMLElement, where: Where, onState: (state: State) => void, onLeave: () => void): Screen {
  const terminal = newTerminal(element, { screenReaderMode: true });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  fit.fit();
  let isReplay = true;
  const size = () => ({ columns: terminal.cols, rows: terminal.rows });
  const shell = new TerminalConnection(
    where,
    {
      begun: (again) => {
        isReplay = again;
        terminal.reset();
      },
      output: (bytes) => terminal.write(bytes),
      state: (state) => {
        if (state.is === 'attached') {
          terminal.write('', () => (isReplay = false)); // once all that came before is shown
        }
        onState(state);
      },
    },
    size(),
  );
  const encoder = new TextEncoder();
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    if (!isReplay) {
      shell.send(bytes);
    }
  };
  terminal.onData((text) => send(encoder.encode(text)));
  terminal.onBinary((text) => send(Uint8Array.from(text, (each) => each.charCodeAt(0))));
  terminal.onResize(() => shell.resize(size()));
  terminal.attachCustomKeyEventHandler((event) => isForTerminal(event, terminal, onLeave));
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(element);
  terminal.focus();
  return {
    end: () => shell.end(),
    close: () => {
      observer.disconnect();
      shell.detach();
      terminal.dispose();
    },
  };
}

/** Ctrl+Shift+C copies, as Ctrl+C is the terminal's; F6 leaves it, so that nobody without a mouse is caught. */
function isForTerminal(event: KeyboardEvent, terminal: Terminal, onLeave: () => void): boolean {
  if (event.type !== 'keydown') {
    return true;
  }
  if (event.key === 'F6') {
    event.preventDefault();
    onLeave();
    return false;
  }
  const key = event.ctrlKey && event.shiftKey ? event.key.toLowerCase() : '';
  if (key === 'c' && terminal.hasSelection()) {
    event.preventDefault();
    void copySelection(terminal.getSelection());
    return false;
  }
  return key !== 'v'; // the browser pastes, and xterm.js hears of it
}
