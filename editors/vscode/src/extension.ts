// The wtop extension: starts the language server, and shows what editors have no message for.

import * as vscode from "vscode";
import { LanguageClient, State, type Location, type Position } from "vscode-languageclient/node";
import { Labs } from "./labs";
import { Previews } from "./preview";
import { program } from "./program";
import { COMMANDS, provider, task } from "./tasks";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const found = (): string => program(context);
  const server = new LanguageClient("wtop", "wtop", { command: found(), args: ["lsp"] }, {
    documentSelector: [{ language: "wtop" }],
    synchronize: { configurationSection: "wtop" },
  });
  client = server;
  const previews = new Previews(context, () => server);
  const labs = new Labs();
  const state = vscode.languages.createLanguageStatusItem("wtop.server", { language: "wtop" });
  state.command = { command: "wtop.showOutput", title: "Output" };
  server.onDidChangeState(({ newState }) => {
    state.text = newState === State.Running ? "wtop" : "wtop does not run";
    state.severity = newState === State.Running ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error;
  });
  server.onNotification("wtop/graphChanged", ({ uri }: { uri: string }) => { previews.tell(uri, "wtop/graphChanged", { uri }); });

  const active = (uri?: string | vscode.Uri): vscode.Uri | undefined =>
    typeof uri === "string" ? vscode.Uri.parse(uri) : uri ?? vscode.window.activeTextEditor?.document.uri;
  const register = (name: string, act: (...all: never[]) => unknown): void => {
    context.subscriptions.push(vscode.commands.registerCommand(`wtop.${name}`, act));
  };
  register("preview", (uri?: string | vscode.Uri) => { const lab = active(uri); if (lab) previews.open(lab); });
  for (const command of COMMANDS) {
    register(command, async (uri?: string | vscode.Uri) => {
      const lab = active(uri);
      if (!lab) return;
      await vscode.workspace.textDocuments.find((document) => document.uri.toString() === lab.toString())?.save();
      await vscode.tasks.executeTask(task(command, lab.fsPath, found(), vscode.workspace.getWorkspaceFolder(lab)));
    });
  }
  register("showReferences", (uri: string, position: Position, places: Location[]) => {
    const { asPosition, asLocation } = server.protocol2CodeConverter;
    return vscode.commands.executeCommand("editor.action.showReferences", vscode.Uri.parse(uri), asPosition(position), places.map((place) => asLocation(place)));
  });
  register("restartServer", () => server.restart());
  register("showOutput", () => { server.outputChannel.show(); });
  context.subscriptions.push(
    state,
    vscode.window.registerTreeDataProvider("wtop.labs", labs),
    vscode.tasks.registerTaskProvider("wtop", provider(found)),
    vscode.workspace.onDidSaveTextDocument(() => { labs.refresh(); }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => { void previews.light(textEditor); }),
  );
  await vscode.commands.executeCommand("setContext", "wtop.active", true);
  try {
    await server.start();
  } catch {
    const choice = await vscode.window.showErrorMessage(`The wtop program (${found()}) cannot be started.`, "Set its path");
    if (choice) await vscode.commands.executeCommand("workbench.action.openSettings", "wtop.path");
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
