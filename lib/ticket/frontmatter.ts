/**
 * Three readers of the block between the `---` lines of an `item.md`:
 *
 * - the strict one understands the small grammar that programs write, at the speed that lists of
 *   10,000 tickets need, and says so when it does not understand;
 * - the general one asks a YAML parser;
 * - the raw one reads what v1 programs wrote before they quoted their values.
 *
 * Where the strict reader answers, it agrees with the general one.
 *
 * Source: tickets specification, sections 1.6, 2.2 and 2.4.
 *
 * @module
 */

export {
  loadYaml,
  loadYamlTexts,
  MAX_FRONTMATTER_BYTES,
  readGeneralFrontmatter,
} from "./_general_frontmatter.ts";
export type { YamlParser } from "./_general_frontmatter.ts";
export { readRawFrontmatter } from "./_raw_frontmatter.ts";
export { readStrictFrontmatter } from "./_strict_frontmatter.ts";
