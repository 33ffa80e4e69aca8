// The preview beside the text: the page of `editors/preview`, whose questions go to the language server.

import * as vscode from "vscode";
import { ResponseError, type LanguageClient } from "vscode-languageclient/node";

interface Question { id: number; method: string; params?: { id?: string } }
interface File { save: string; bytes: number[] }
interface Place { uri: string; range: { start: { line: number; character: number }; end: { line: number; character: number } } }

export class Previews {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly context: vscode.ExtensionContext, private readonly client: () => LanguageClient) {}

  /** Opens the preview of a lab beside it, or brings it to the front. */
  open(uri: vscode.Uri): void {
    const known = this.panels.get(uri.toString());
    if (known) {
      known.reveal(undefined, true);
      return;
    }
    const media = vscode.Uri.joinPath(this.context.extensionUri, "media");
    const title = `Preview ${uri.path.split("/").at(-1) ?? ""}`;
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel("wtop.preview", title, beside, { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [media] });
    panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, "icons", "wtop.svg");
    this.panels.set(uri.toString(), panel);
    panel.onDidDispose(() => this.panels.delete(uri.toString()));
    panel.webview.onDidReceiveMessage((message: Question | File) => "save" in message ? save(uri, message) : this.answer(panel, uri, message));
    panel.webview.html = page(panel.webview, media);
  }

  /** Tells the page of a lab something. */
  tell(uri: string, method: string, params: object): void {
    const panel = this.panels.get(uri) ?? this.panels.get(vscode.Uri.parse(uri).toString());
    void panel?.webview.postMessage({ method, params });
  }

  /** Lights in the page what the cursor is at. */
  async light(editor: vscode.TextEditor): Promise<void> {
    const uri = editor.document.uri.toString();
    if (!this.panels.has(uri)) return;
    const ids = await this.client().sendRequest<string[] | null>("wtop/graphAt", { textDocument: { uri }, position: editor.selection.active });
    this.tell(uri, "wtop/cursor", { ids: ids ?? [] });
  }

  private async answer(panel: vscode.WebviewPanel, uri: vscode.Uri, question: Question): Promise<void> {
    const { id, method } = question;
    try {
      const params = { textDocument: { uri: uri.toString() }, ...question.params };
      const result = method === "wtop/reveal" ? await this.reveal(params) : await this.client().sendRequest(method, params);
      await panel.webview.postMessage({ id, result });
    } catch (error) {
      const data: unknown = error instanceof ResponseError ? error.data : undefined;
      await panel.webview.postMessage({ id, error: { message: error instanceof Error ? error.message : String(error), data } });
    }
  }

  /** Shows where something is written, beside the page and not in its place. */
  private async reveal(params: object): Promise<boolean> {
    const place = await this.client().sendRequest<Place | null>("wtop/graphSource", params);
    if (!place) return false;
    const { start, end } = place.range;
    const uri = vscode.Uri.parse(place.uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(uri, { viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One, selection });
    return true;
  }
}

async function save(lab: vscode.Uri, file: File): Promise<void> {
  const chosen = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(lab, "..", file.save) });
  if (chosen) await vscode.workspace.fs.writeFile(chosen, Uint8Array.from(file.bytes));
}

function page(webview: vscode.Webview, media: vscode.Uri): string {
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
  const policy = `default-src 'none'; script-src ${webview.cspSource}; style-src ${webview.cspSource}; img-src ${webview.cspSource} blob: data:`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file("preview.css")}"><script type="module" src="${file("preview.js")}"></script></head><body></body></html>`;
}
