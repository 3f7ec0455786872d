/** Names of file types and the file names they mean: the common ones of ripgrep's. @module */

import { compileGlob } from "./_glob.ts";
import { SearchSyntaxError } from "./_search.ts";

/**
 * Makes a test for file names.
 *
 * @throws {SearchSyntaxError} When the type is not known.
 */
export function typeMatcher(type: string): (name: string) => boolean {
  if (!Object.hasOwn(FILE_TYPES, type)) {
    throw new SearchSyntaxError("type", `unrecognized file type: ${type}`);
  }
  const globs = FILE_TYPES[type]!.split(" ").map(compileGlob);
  return (name) => globs.some((matches) => matches(name));
}

/** Type to globs, separated by spaces. */
export const FILE_TYPES: Readonly<Record<string, string>> = {
  asm: "*.asm *.s *.S",
  awk: "*.awk",
  c: "*.[chH] *.[chH].in *.cats",
  clojure: "*.clj *.cljc *.cljs *.cljx",
  cmake: "*.cmake CMakeLists.txt",
  cpp:
    "*.[ChH] *.cc *.[ch]pp *.[ch]xx *.hh *.inl *.[ChH].in *.cc.in *.[ch]pp.in *.[ch]xx.in *.hh.in",
  cs: "*.cs",
  css: "*.css *.scss",
  csv: "*.csv",
  dart: "*.dart",
  docker: "*Dockerfile*",
  elixir: "*.ex *.eex *.exs *.heex *.leex *.livemd",
  elm: "*.elm",
  erlang: "*.erl *.hrl",
  fsharp: "*.fs *.fsx *.fsi",
  go: "*.go",
  gradle: "*.gradle *.gradle.kts gradle.properties gradle-wrapper.* gradlew gradlew.bat",
  graphql: "*.graphql *.graphqls",
  groovy: "*.groovy *.gradle",
  h: "*.h *.hh *.hpp",
  haskell: "*.hs *.lhs *.cpphs *.c2hs *.hsc",
  html: "*.htm *.html *.ejs",
  java: "*.java *.jsp *.jspx *.properties",
  js: "*.js *.jsx *.vue *.cjs *.mjs",
  json: "*.json composer.lock *.sarif",
  jsonl: "*.jsonl",
  julia: "*.jl",
  kotlin: "*.kt *.kts",
  less: "*.less",
  log: "*.log",
  lua: "*.lua",
  make:
    "[Gg][Nn][Uu]makefile [Mm]akefile [Gg][Nn][Uu]makefile.am [Mm]akefile.am [Gg][Nn][Uu]makefile.in [Mm]akefile.in Makefile.* *.mk *.mak",
  markdown: "*.markdown *.md *.mdown *.mdwn *.mkd *.mkdn *.mdx",
  md: "*.markdown *.md *.mdown *.mdwn *.mkd *.mkdn *.mdx",
  nix: "*.nix",
  ocaml: "*.ml *.mli *.mll *.mly",
  perl: "*.perl *.pl *.PL *.plh *.plx *.pm *.t",
  php: "*.php *.php3 *.php4 *.php5 *.php7 *.php8 *.pht *.phtml",
  protobuf: "*.proto",
  py: "*.py *.pyi",
  python: "*.py *.pyi",
  r: "*.R *.r *.Rmd *.rmd *.Rnw *.rnw",
  rst: "*.rst",
  ruby: "*.rb *.rbw *.gemspec *.rake Gemfile .irbrc Rakefile config.ru",
  rust: "*.rs",
  sass: "*.sass *.scss",
  scala: "*.scala *.sbt",
  sh:
    "*.sh *.bash *.csh *.ksh *.tcsh *.zsh *.env .env *.bashrc *.cshrc *.kshrc .login .logout .profile profile .bash_login .bash_logout .bash_profile .bashrc bash_login bash_logout bash_profile bashrc .cshrc .tcshrc .kshrc .zlogin .zlogout .zprofile .zshenv .zshrc zlogin zlogout zprofile zshenv zshrc",
  sql: "*.sql *.psql",
  svelte: "*.svelte *.svelte.ts",
  svg: "*.svg",
  swift: "*.swift",
  tex: "*.tex *.ltx *.cls *.sty *.bib *.dtx *.ins",
  toml: "*.toml Cargo.lock",
  ts: "*.ts *.tsx *.cts *.mts",
  txt: "*.txt",
  typescript: "*.ts *.tsx *.cts *.mts",
  vim: "*.vim .vimrc .gvimrc vimrc gvimrc _vimrc _gvimrc",
  vue: "*.vue",
  xml: "*.xml *.xml.dist *.dtd *.xsl *.xslt *.xsd *.xjb *.rng *.sch *.xhtml",
  yaml: "*.yaml *.yml",
  zig: "*.zig",
};
