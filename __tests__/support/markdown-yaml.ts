/** A YAML block of a Markdown file. */
export interface YamlBlock {
  /** Line of its fence, from 1. */
  line: number;
  text: string;
}

/** Fenced blocks of `yaml`, also those within lists, without their indentation. */
export function yamlBlocks(markdown: string): YamlBlock[] {
  return [...markdown.matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm)].map(({ 1: indent, 2: text, index }) => ({
    line: markdown.slice(0, index).split('\n').length,
    text: text!.replaceAll(new RegExp(`^ {0,${indent!.length}}`, 'gm'), ''),
  }));
}
