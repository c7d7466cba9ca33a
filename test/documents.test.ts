/** What the documents say is there is there: files that are named, links and their headings, what lies beside each README. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const skipped = new Set(['node_modules', 'dist', 'generated', 'shared']);

const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name) || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [relative(root, path)] : [];
  });

const files = filesUnder(root);
const names = new Set(files.map((file) => basename(file)));
const pages = files.filter((file) => file.endsWith('.md'));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsIn = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

const LINK = /\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g;

describe('the documents', () => {
  it('link to files and headings that are there', () => {
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(LINK)].flatMap(([link, path, anchor]) => {
        const target = path === '' ? page : relative(root, resolve(root, dirname(page), path!));
        if (!existsSync(join(root, target))) return [`${page}: ${link}`];
        return anchor === undefined || anchorsIn(target).includes(anchor) ? [] : [`${page}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('are the only ones that sources and documents name', () => {
    const cited = files
      .filter((file) => /\.(ts|tsx|md|proto|css|yml)$/.test(file))
      .flatMap((file) => [...textOf(file).matchAll(/[\w-]+\.md\b/g)].map(([name]) => ({ file, name })));
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter(({ name }) => !names.has(name))).toEqual([]);
  });

  /** Folders of the product that have a README. */
  const explained = pages.filter((page) =>
    /^(schemas|stream-models|services|dashboards)\/(.*\/)?README\.md$/.test(page),
  );

  it('are as many as the product has folders that explain themselves', () => {
    expect(explained.length).toBeGreaterThan(45);
  });

  it.each(explained)('%s names every folder and file beside it, or a pattern of their names', (page) => {
    const readme = textOf(page);
    // `*-command.ts` names many at once; in a table of files that begin alike `…-file.ts` is short for one.
    const patterns = [...readme.matchAll(/`([\w.-]*[*…][\w.-]*)`/g)].map(
      ([, pattern]) => new RegExp(`^${pattern!.replaceAll('.', '\\.').replace(/[*…]/, '.+')}$`),
    );
    const beside = readdirSync(join(root, dirname(page)), { withFileTypes: true })
      .filter(({ name }) => !skipped.has(name) && name !== 'README.md')
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    const isNamed = (name: string): boolean => readme.includes(name) || patterns.some((pattern) => pattern.test(name));
    expect(beside.filter((name) => !isNamed(name))).toEqual([]);
  });
});
