// What goes over the wire: see `docs/preview.md`.

export interface Rect { left: number; top: number; right: number; bottom: number }

/** A node or network, drawn. */
export interface NodePiece { svg: string; box: Rect; label: string; facts: string[]; tags: string[] | null; network: boolean }
export interface GroupPiece { svg: string; title: string; box: Rect; label: string }
export interface LinkPiece { svg: string; ends: [string, string]; label: string; down: boolean }

export interface Picture {
  title: string;
  bounds: Rect;
  nodes: Record<string, NodePiece>;
  groups: Record<string, GroupPiece>;
  links: Record<string, LinkPiece>;
  ties: string[];
  labels: string[];
}

export interface Changes<T> { set: Record<string, T>; removed: string[] }

export interface Patch {
  title?: string;
  bounds?: Rect;
  nodes?: Changes<NodePiece>;
  groups?: Changes<GroupPiece>;
  links?: Changes<LinkPiece>;
  ties?: string[];
  labels?: { added: string[]; removed: number[] };
}

export interface Graph { revision: number; stale: boolean; picture?: Picture; patch?: Patch }
export interface Problem { code: string; message: string; error: boolean; ids: string[] }
export interface Field { name: string; ty: string; doc: string; value: string | null; effective: string | null }
export interface Free { name: string; machine: string | null }
export interface PaletteEntry { device: string; title: string; group: string }
export interface Dependent { text: string; line: number; goes: boolean }
export interface Fragment { target: string; file: string; text: string }
export interface WhatIf { checks: number; broken: { check: string; path: string[]; why: string }[] }

export interface Answer { id?: number; result?: unknown; error?: { message: string; data?: { before?: string } | null } }
export interface Told { method?: string; params?: { uri?: string; ids?: string[] } }
