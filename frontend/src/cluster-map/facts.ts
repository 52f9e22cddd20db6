import type { Item } from "../wire";

/** What an item's detail says, whatever the server left out. */
export function text(item: Item, key: string): string {
  const value = item.detail[key];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

export function count(item: Item, key: string): number {
  const value = item.detail[key];
  return typeof value === "number" ? value : 0;
}

export function flag(item: Item, key: string): boolean {
  return item.detail[key] === true;
}

export function texts(item: Item, key: string): string[] {
  const value = item.detail[key];
  return Array.isArray(value) ? value.map(String) : [];
}

export interface Endpoint {
  ready: boolean;
  pod: string;
}

export interface Route {
  host: string;
  path: string;
  service: string;
}

export interface Port {
  name: string;
  port: number;
  targetPort: number | string;
  nodePort: number;
}

/** Lists of records, by the shape that the server's summaries give them. */
export function records<T>(item: Item, key: string): T[] {
  const value = item.detail[key];
  return Array.isArray(value) ? (value as T[]) : [];
}

/** "nginx:1.27" of "docker.io/library/nginx:1.27". */
export function imageName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}
