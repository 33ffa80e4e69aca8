import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist/**", "node_modules/**", "*.config.js"] },
  js.configs.recommended,
  { files: ["src/**/*.ts"], extends: [tseslint.configs.strictTypeChecked], languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }] } },
  { files: ["tests/**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly", document: "readonly", setTimeout: "readonly", performance: "readonly", window: "readonly", MutationObserver: "readonly", requestAnimationFrame: "readonly", URL: "readonly" } } },
);
