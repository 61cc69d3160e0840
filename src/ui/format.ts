/** Numbers, sizes and dates as the interface writes them. Pure. */

import type { ImageGrid } from "#volume";

const UNITS = ["bytes", "KB", "MB", "GB", "TB", "PB"] as const;

/** Bytes in powers of 1000, three digits: `0 bytes`, `512 bytes`, `1.50 MB`, `42.1 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "unknown";
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${Math.round(value)} bytes` : `${threeDigits(value)} ${UNITS[unit]}`;
}

/** Memory in powers of 1024, as memory is sold: `512 MB`, `2 GB`. */
export function formatMemory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MB` : `${Number((mebibytes / 1024).toFixed(1))} GB`;
}

/** Millimetres with the digits that matter: `0.488 mm`, `5.00 mm`, `120 mm`; micrometres below 0.01 mm. */
export function formatMm(mm: number): string {
  if (!Number.isFinite(mm)) return "unknown";
  if (mm !== 0 && Math.abs(mm) < 0.01) return `${threeDigits(mm * 1000)} µm`;
  return `${threeDigits(mm)} mm`;
}

/** Millilitres: `0.012 ml`, `3.21 ml`, `1,530 ml`; below a microlitre the word says so. */
export function formatMl(ml: number): string {
  if (!Number.isFinite(ml)) return "unknown";
  if (ml > 0 && ml < 0.001) return "< 0.001 ml";
  if (ml < 10) return `${ml.toFixed(ml < 1 ? 3 : 2)} ml`;
  return `${groupDigits(ml < 100 ? Math.round(ml * 10) / 10 : Math.round(ml))} ml`;
}

/** Whole number with thousands apart: `1,204`. */
export function formatCount(count: number): string {
  return groupDigits(Math.round(count));
}

/** `1 entry`, `1,204 entries`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `512 × 512 × 300`. */
export function formatDims(dims: readonly number[]): string {
  return dims.join(" × ");
}

/**
 * Spacing on one line: `0.70 × 0.70 × 1.25 mm`; micrometres when all are below 0.1 mm. Of uneven slices the smallest and the largest gap:
 * `0.49 × 0.49 × 1.14–7.40 mm, uneven`.
 */
export function formatSpacing({ spacingMm, regular, largestGapMm }: ImageGrid): string {
  const fine = largestGapMm < 0.1 && spacingMm.every((mm) => mm < 0.1);
  const said = (mm: number): string => trimmed(fine ? mm * 1000 : mm);
  const gaps = regular ? "" : `–${said(largestGapMm)}`;
  return `${spacingMm.map(said).join(" × ")}${gaps} ${fine ? "µm" : "mm"}${regular ? "" : ", uneven"}`;
}

/** A share as a whole percentage; 100% only when done. */
export function formatPercent(fraction: number): string {
  const percent = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
  return `${percent}%`;
}

/** A shown voxel value without noise digits: `-1024`, `0.125`, `1.23e-5`. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  return String(Number(value.toPrecision(5)));
}

/** `Today 14:05`, `Yesterday 09:12`, `3 Mar 14:05`, `3 Mar 2025`; in local time. */
export function formatWhen(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "unknown";
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return `Today ${time}`;
  if (days === 1) return `Yesterday ${time}`;
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === now.getFullYear() ? `${day} ${time}` : `${day} ${date.getFullYear()}`;
}

/** Local date and time to the second, for the history: `2026-03-04 14:05:09`. */
export function formatTimestamp(iso: string): string {
  const d = new Date(iso);
  if (Number.isNaN(d.getTime())) return iso;
  const day = `${d.getFullYear()}-${twoDigits(d.getMonth() + 1)}-${twoDigits(d.getDate())}`;
  return `${day} ${twoDigits(d.getHours())}:${twoDigits(d.getMinutes())}:${twoDigits(d.getSeconds())}`;
}

/** A file name without characters that file systems refuse. */
export function safeFileName(name: string): string {
  const cleaned = name
    // Control characters and what Windows and POSIX reserve.
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, "_")
    .replace(/^[.\s_]+|[.\s]+$/g, "");
  return cleaned.slice(0, 120) || "study";
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return groupDigits(Math.round(value));
  return value.toFixed(size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}

function trimmed(value: number): string {
  return value.toFixed(value >= 10 ? 1 : value >= 0.1 ? 2 : 4);
}

function groupDigits(value: number): string {
  const [whole, rest] = String(value).split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest ? `${grouped}.${rest}` : grouped;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
