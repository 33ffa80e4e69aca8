// In a browser no program can be started: colours, snippets and the language's brackets are all that there is.

import * as vscode from "vscode";

export function activate(context: vscode.ExtensionContext): void {
  const preview = vscode.commands.registerCommand("wtop.preview", () =>
    vscode.window.showInformationMessage("The preview needs the wtop program, which cannot run in a browser."));
  context.subscriptions.push(preview);
}
