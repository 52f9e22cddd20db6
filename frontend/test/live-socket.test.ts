import { describe, expect, it } from "vitest";
import { LiveSocket, pause, type Surroundings } from "../src/live-socket";

/** A clock and sockets in our hands. */
class Stage implements Surroundings {
  now = 0;
  sockets: FakeSocket[] = [];
  #timers = new Map<number, { at: number; run: () => void }>();
  #next = 1;

  open(): WebSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  random(): number {
    return 1;
  }

  later(run: () => void, milliseconds: number): number {
    this.#timers.set(this.#next, { at: this.now + milliseconds, run });
    return this.#next++;
  }

  forget(timer: number): void {
    this.#timers.delete(timer);
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = due[1].at;
      due[1].run();
    }
    this.now = end;
  }

  get last(): FakeSocket {
    return this.sockets.at(-1)!;
  }
}

class FakeSocket {
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  ends(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

function started(): { stage: Stage; socket: LiveSocket; lines: string[] } {
  const stage = new Stage();
  const socket = new LiveSocket("ws://example/ws", stage);
  const lines: string[] = [];
  socket.addEventListener("line", (event) => lines.push((event as CustomEvent<string>).detail));
  socket.connect();
  stage.last.opens();
  return { stage, socket, lines };
}

describe("LiveSocket", () => {
  it("passes messages on", () => {
    const { stage, socket } = started();
    const heard: unknown[] = [];
    socket.addEventListener("message", (event) => heard.push((event as CustomEvent).detail));
    stage.last.onmessage?.({ data: '{"type":"hub"}' });
    expect(heard).toEqual([{ type: "hub" }]);
  });

  it("comes back by itself, and says nothing of a short break", () => {
    const { stage, lines } = started();
    stage.last.ends(1006);
    stage.pass(500);
    expect(stage.sockets).toHaveLength(2);
    stage.last.opens();
    stage.pass(5_000);
    expect(lines).toEqual(["open", "open"]);
  });

  it("says once that the line is lost, after a second", () => {
    const { stage, lines } = started();
    stage.last.ends(1006);
    for (let tries = 0; tries < 4; tries++) {
      stage.pass(20_000);
      stage.last.ends(1006);
    }
    expect(lines).toEqual(["open", "lost"]);
  });

  it("does not come back to a session that has ended", () => {
    const { stage, lines } = started();
    stage.last.ends(4401);
    stage.pass(60_000);
    expect(lines).toEqual(["open", "expired"]);
    expect(stage.sockets).toHaveLength(1);
  });

  it("asks after a silence, and opens anew when nobody answers", () => {
    const { stage } = started();
    stage.pass(45_000);
    expect(stage.last.sent).toEqual(['{"type":"resync"}']);
    stage.pass(11_000);
    expect(stage.sockets).toHaveLength(2);
  });

  it("stays while somebody answers", () => {
    const { stage } = started();
    for (let round = 0; round < 5; round++) {
      stage.pass(46_000);
      stage.last.onmessage?.({ data: '{"type":"hub"}' });
    }
    expect(stage.sockets).toHaveLength(1);
  });

  it("is still after it was closed for good", () => {
    const { stage, socket } = started();
    socket.close();
    stage.pass(120_000);
    expect(stage.sockets).toHaveLength(1);
  });
});

it("waits longer from try to try, never longer than fifteen seconds, never twice the same for a class", () => {
  expect([0, 1, 2].map((tries) => pause(tries, 1))).toEqual([400, 800, 1600]);
  expect(pause(30, 1)).toBe(15_000);
  expect(pause(3, 0)).toBe(pause(3, 1) / 2);
});
