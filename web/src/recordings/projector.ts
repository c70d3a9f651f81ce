// SPDX-License-Identifier: Apache-2.0
import type { Terminal } from '@xterm/xterm';
import { newTerminal } from '../terminal/emulator';
import { lengthOf, type Cast, type CastEvent } from './cast';

const MOST_CELLS = 500; // a tenant's program may claim any size; a page can show this

/** Shows a cast in an element, at any pace, from any point on. */
export class Projector {
  private readonly terminal: Terminal;
  private readonly length: number;
  private next = 0;
  private at = 0;
  private frame: number | undefined;
  private last: number | undefined;

  /** @param onTime is told the second that is shown, and whether it goes on */
  constructor(
    element: HTMLElement,
    private readonly cast: Cast,
    private readonly events: CastEvent[],
    private readonly onTime: (at: number, isPlaying: boolean) => void,
    private pace = 1,
  ) {
    this.length = lengthOf(events);
    this.terminal = newTerminal(element, { disableStdin: true, cursorBlink: false, ...sizeOf(cast.columns, cast.rows) });
  }

  play(): void {
    if (this.frame !== undefined) {
      return;
    }
    if (this.at >= this.length) {
      this.seek(0);
    }
    this.last = undefined;
    this.frame = requestAnimationFrame((now) => this.step(now));
    this.onTime(this.at, true);
  }

  pause(): void {
    if (this.frame !== undefined) {
      cancelAnimationFrame(this.frame);
      this.frame = undefined;
    }
    this.onTime(this.at, false);
  }

  /** Backwards, all is shown again up to there: a terminal has no way back. */
  seek(to: number): void {
    if (to < this.at) {
      this.terminal.reset();
      this.resize(this.cast.columns, this.cast.rows);
      this.next = 0;
    }
    this.showUntil(Math.min(Math.max(to, 0), this.length));
    this.onTime(this.at, this.frame !== undefined);
  }

  setPace(pace: number): void {
    this.pace = pace;
  }

  close(): void {
    this.pause();
    this.terminal.dispose();
  }

  private step(now: number): void {
    this.showUntil(this.at + ((now - (this.last ?? now)) / 1000) * this.pace);
    this.last = now;
    if (this.at >= this.length) {
      this.frame = undefined;
      this.onTime(this.length, false);
      return;
    }
    this.frame = requestAnimationFrame((later) => this.step(later));
    this.onTime(this.at, true);
  }

  private showUntil(at: number): void {
    this.at = at;
    let output = '';
    for (let event = this.events[this.next]; event !== undefined && event.at <= at; event = this.events[this.next]) {
      if (event.kind === 'output') {
        output += event.data;
      } else {
        this.terminal.write(output);
        output = '';
        const [columns, rows] = event.data.split('x').map(Number);
        this.terminal.write('', () => this.resize(columns, rows)); // in its turn with what is shown before
      }
      this.next += 1;
    }
    this.terminal.write(output);
  }

  private resize(columns: number | undefined, rows: number | undefined): void {
    const { cols, rows: lines } = sizeOf(columns ?? 0, rows ?? 0);
    this.terminal.resize(cols, lines);
  }
}

function sizeOf(columns: number, rows: number): { cols: number; rows: number } {
  const bound = (value: number, usual: number) => (value > 0 ? Math.min(value, MOST_CELLS) : usual);
  return { cols: bound(columns, 80), rows: bound(rows, 24) };
}
