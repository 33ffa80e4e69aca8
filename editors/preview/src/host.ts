// Whoever shows the page: VS Code, or the language server that a browser is connected to. Both answer the same questions.

import type { Answer, Told } from "./types";

interface VsCode {
  postMessage(message: unknown): void;
}

declare global {
  var acquireVsCodeApi: (() => VsCode) | undefined;
}

export interface Host {
  /** Asks the language server about the lab that is shown. */
  ask<T>(method: string, params?: object): Promise<T>;
  /** Hands a file to the user. */
  save(name: string, content: Blob): Promise<void>;
}

/** A refusal, with the title of what could be done before. */
export class Refused extends Error {
  readonly before: string | undefined;

  constructor(message: string, before: string | undefined) {
    super(message);
    this.before = before;
  }
}

type Waiting = Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>;

/** Takes an answer or something told. */
function receive(message: Answer & Told, waiting: Waiting, told: (message: Told) => void): void {
  if (message.id === undefined) {
    told(message);
    return;
  }
  const question = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) {
    question?.reject(new Refused(message.error.message, message.error.data?.before));
  } else {
    question?.resolve(message.result);
  }
}

/** `connected` is called each time that the host can be asked again. */
export function connect(told: (message: Told) => void, connected: (is: boolean) => void): Host {
  return globalThis.acquireVsCodeApi ? inVsCode(globalThis.acquireVsCodeApi(), told, connected) : inBrowser(told, connected);
}

function inVsCode(code: VsCode, told: (message: Told) => void, connected: (is: boolean) => void): Host {
  const waiting: Waiting = new Map();
  let last = 0;
  addEventListener("message", (event: MessageEvent<Answer & Told>) => { receive(event.data, waiting, told); });
  queueMicrotask(() => { connected(true); });
  return {
    ask: <T>(method: string, params: object = {}) => new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject });
      code.postMessage({ id: last, method, params });
    }),
    save: async (name, content) => {
      const bytes = [...new Uint8Array(await content.arrayBuffer())];
      code.postMessage({ save: name, bytes });
    },
  };
}

function inBrowser(told: (message: Told) => void, connected: (is: boolean) => void): Host {
  const waiting: Waiting = new Map();
  const uri = new URLSearchParams(location.search).get("lab") ?? "";
  const address = new URL("socket", location.href);
  address.protocol = "ws:";
  address.search = "";
  let last = 0;
  let socket = open();

  function open(): WebSocket {
    const opened = new WebSocket(address);
    opened.addEventListener("open", () => { connected(true); });
    opened.addEventListener("message", (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as Answer & Told;
      // One server shows several labs.
      if (message.params?.uri === undefined || message.params.uri === uri) receive(message, waiting, told);
    });
    opened.addEventListener("close", () => {
      connected(false);
      for (const question of waiting.values()) question.reject(new Refused("the language server does not answer", undefined));
      waiting.clear();
      setTimeout(() => { socket = open(); }, 1000);
    });
    return opened;
  }

  return {
    ask: <T>(method: string, params: object = {}) => new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: resolve as (value: unknown) => void, reject });
      socket.send(JSON.stringify({ id: last, method, params: { textDocument: { uri }, ...params } }));
    }),
    save: (name, content) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(content);
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
      return Promise.resolve();
    },
  };
}
