// SPDX-License-Identifier: Apache-2.0
import { api, ask } from '../api/client';
import { ApiError, type Problem } from '../api/problem';

export interface Size {
  columns: number;
  rows: number;
}

export interface Where {
  tenant: string;
  container: string;
}

export type State =
  | { is: 'connecting' | 'attached' | 'ended' }
  | { is: 'exited'; status: number }
  | { is: 'failed'; problem: Problem };

/** What the page hears of its terminal. */
export interface Listener {
  /** A connection begins; where the shell has been shown before, all that it wrote comes again. */
  begun: (again: boolean) => void;
  output: (bytes: Uint8Array) => void;
  state: (state: State) => void;
}

interface Message {
  attached?: Size;
  exited?: { status: number };
  error?: Problem;
}

const AGAIN_MILLIS = [500, 1_000, 2_000, 5_000]; // a restart of the platform takes some seconds

/**
 * One login shell, which the platform keeps while no window shows it: a reload, a lost network and a look at another page find it again,
 * with what it wrote meanwhile. Each connection is opened by a ticket of its own, in its first message and in no address.
 */
export class TerminalConnection {
  private socket: WebSocket | undefined;
  private id: string | undefined;
  private failures = 0;
  private timer: number | undefined;
  private over = false;

  constructor(
    private readonly where: Where,
    private readonly listener: Listener,
    private size: Size,
  ) {
    this.id = sessionStorage.getItem(this.key()) ?? undefined;
    void this.connect();
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.say(bytes);
  }

  resize(size: Size): void {
    this.size = size;
    this.say(JSON.stringify({ resize: size }));
  }

  /** Lets go of it; the shell stays. */
  detach(): void {
    this.over = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
  }

  /** Hangs the shell up. */
  async end(): Promise<void> {
    const { id } = this;
    this.detach();
    sessionStorage.removeItem(this.key());
    this.listener.state({ is: 'ended' });
    if (id !== undefined) {
      await ask(
        api.DELETE('/api/v1/tenants/{tenant}/containers/{container}/terminals/{terminal}', {
          params: { path: { ...this.where, terminal: id } },
        }),
      );
    }
  }

  /** Of this tab of the browser only: another one gets a shell of its own. */
  private key(): string {
    return `berth-terminal:${this.where.tenant}/${this.where.container}`;
  }

  private say(message: string | Uint8Array<ArrayBuffer>): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(message);
    }
  }

  private async connect(): Promise<void> {
    this.listener.state({ is: 'connecting' });
    try {
      const { id, ticket, again } = await this.ticket();
      if (!this.isOver()) {
        this.open(id, ticket, again);
      }
    } catch (error) {
      if (this.isOver()) {
        return;
      }
      if (error instanceof ApiError && error.problem.status > 0) {
        this.listener.state({ is: 'failed', problem: error.problem });
      } else {
        this.later();
      }
    }
  }

  /** A method, as what it says may change while something is awaited. */
  private isOver(): boolean {
    return this.over;
  }

  /** For the shell that is there already, else for a new one. */
  private async ticket(): Promise<{ id: string; ticket: string; again: boolean }> {
    if (this.id !== undefined) {
      try {
        const fresh = await ask(
          api.POST('/api/v1/tenants/{tenant}/containers/{container}/terminals/{terminal}/tickets', {
            params: { path: { ...this.where, terminal: this.id } },
          }),
        );
        return { id: this.id, ticket: String(fresh.ticket), again: true };
      } catch (error) {
        if (!(error instanceof ApiError && error.isNotFound)) {
          throw error;
        }
      }
    }
    const made = await ask(
      api.POST('/api/v1/tenants/{tenant}/containers/{container}/terminals', { params: { path: this.where }, body: this.size }),
    );
    this.id = String(made.id);
    sessionStorage.setItem(this.key(), this.id);
    return { id: this.id, ticket: String(made.ticket), again: false };
  }

  private open(id: string, ticket: string, again: boolean): void {
    const address = new URL(`/api/v1/terminals/${id}`, window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.listener.begun(again);
      socket.send(JSON.stringify({ ticket }));
      socket.send(JSON.stringify({ resize: this.size }));
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data === 'string') {
        this.told(JSON.parse(data) as Message);
      } else {
        this.listener.output(new Uint8Array(data));
      }
    };
    socket.onclose = () => {
      if (!this.over) {
        this.later();
      }
    };
  }

  private told(message: Message): void {
    if (message.attached !== undefined) {
      this.failures = 0;
      this.listener.state({ is: 'attached' });
    } else if (message.exited !== undefined) {
      this.over = true;
      sessionStorage.removeItem(this.key());
      this.listener.state({ is: 'exited', status: message.exited.status });
    } else if (message.error !== undefined) {
      this.over = true;
      this.listener.state({ is: 'failed', problem: message.error });
    }
  }

  private later(): void {
    this.listener.state({ is: 'connecting' });
    const wait = AGAIN_MILLIS[Math.min(this.failures, AGAIN_MILLIS.length - 1)];
    this.failures += 1;
    this.timer = window.setTimeout(() => void this.connect(), wait);
  }
}
