// The wtop program: the one that is set, the one that comes with the extension, or the one in the PATH.

import { existsSync } from "node:fs";
import * as vscode from "vscode";

export function program(context: vscode.ExtensionContext): string {
  const chosen = vscode.workspace.getConfiguration("wtop").get<string>("path");
  if (chosen !== undefined && chosen !== "") return chosen;
  const name = process.platform === "win32" ? "wtop.exe" : "wtop";
  const bundled = vscode.Uri.joinPath(context.extensionUri, "bin", name).fsPath;
  return existsSync(bundled) ? bundled : name;
}
