import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/toml";
import { ConfigFault } from "../../lib/ticket/_config_table.ts";
import { checkToml } from "../../lib/ticket/_toml_rules.ts";

/** What checkToml() says; some of it the parser refuses too, in its own words. */
function faultOf(text: string): string {
  return assertThrows(() => checkToml(text), SyntaxError, "", JSON.stringify(text)).message;
}

Deno.test("checkToml() lets everything through that TOML allows", () => {
  const valid = [
    "",
    "# a = 1\n\n  # a = 1\r\n",
    "a = 1",
    "a = 1 # b = 2\r\nb = 1\t\n",
    // Strings: what stands in them is neither key nor table nor end.
    'a = """\nsay \\"""hi\nb = 1\nb = 2\n[c]\n[c]\n"""\nb = 1\n',
    "a = '''\nb = 1\nb = 2\n# '\n''quoted'' \\'''\nb = 1\n",
    'a = """one "quoted" ""line"" # """ # """\nb = 1\n',
    'a = """it ends ""quoted""""\nb = 1\n',
    "a = '''it ends 'quoted''''\nb = 1\n",
    "a = \"\"\"\"\"\"\nb = ''''''\nc = \"\"\nd = ''\n",
    'a = """\\\\"""\nb = "\\\\"\nc = \'\\\'\nd = "\\""\n',
    "a = \"# b = '1'\"\nb = '# \"'\n",
    "a = \"'''\"\nb = '\"\"\"'\n",
    // Values over several lines, and of every kind.
    'a = [ # ] a = 1\n  "]", # "\n  \'b = 1\',\n  [1, [2]],\n]\nb = 1\n',
    "a = 1979-05-27 07:32:00\nb = [1979-05-27 07:32:00Z, 1979-05-27]\nc = 07:32:00 # c\n",
    "a = -1.5e3\nb = inf\nc = true\nd = 0xFF\ne = 1_000\n",
    "a = {}\nb = { }\nc = { a = 1, b.a = 2, b.b = 3, c = { a = [{ a = 1 }, { a = 1 }] } }\n",
    // Keys and tables: the same word at another place.
    "a = 1\nb.a = 1\nb.b = 2\n'b.a' = 3\n[c]\na = 1\n[d.c]\na = 1\n[d.b]\na = 1\n",
    "[[a]]\nb = 1\n[a.c]\nd = 1\n[[a.e]]\n[[a]]\nb = 1\n[a.c]\nd = 1\n[[a.e]]\n[[a.e]]\n",
    "[a]\nb.c = 1\n[a.d]\n[a.b.e]\n",
    "[a . \"b\" . 'c']\n[ d ] # [d]\n",
  ];
  for (const text of valid) {
    parse(text);
    checkToml(text);
  }
});

Deno.test("checkToml() knows more of TOML than the parser", () => {
  // The parser refuses these: what it learns to read is not refused here.
  checkToml('a = """two "quotes"""""\nb = 1\n');
  checkToml("a = '''two ''quotes'''''\nb = 1\n");
  checkToml("[a.b]\nc = 1\n[a]\nc = 1\n");
});

Deno.test("checkToml() names the key or the table that is given twice", () => {
  const repeated: readonly (readonly [string, string])[] = [
    ["a = 1\na = 2", "a"],
    ["a = 1\n'a' = 2", "a"],
    ['"a" = 1\na = 2', "a"],
    ['"\\u0061" = 1\n"\\U00000062" = 1\na = 2', "a"],
    ["[t]\na = 1\n[u]\na = 1\nb = 1\n b=2", "u.b"],
    ['a = """\n\\""""\na = 1', "a"],
    ["a = '''\n\\'''\na = 1", "a"],
    ['a = """"quoted" "" """"\na = 1', "a"],
    ["a = [\n1, # ]\n]\na = 1", "a"],
    ["[[t]]\na = 1\n[[t]]\na = 1\na = 2", "t.a"],
    // Inline tables.
    ['t = { a = "a", a = "b" }', "t.a"],
    ["t = { a = 1, 'a' = 2 }", "t.a"],
    ["t = { a = { b = 1, c = 2, b = 3 } }", "t.a.b"],
    ["t = { a.b = 1, a.b = 2 }", "t.a.b"],
    ["t = { a = {}, a.b = 2 }", "t.a"],
    ["t = { a.b = 1, a = 2 }", "t.a"],
    ["t = [1, [{ a = 1, a = 2 }]]", "t.a"],
    ["t = [\n  { a = 1 },\n  { a = 1, a = 2 }, # c\n]", "t.a"],
    ["[u]\nt = { a = 1 }\nt.b = 2", "u.t"],
    // Dotted keys.
    ["a.b = 1\na.b = 2", "a.b"],
    ["a.b = 1\na . 'b' = 2", "a.b"],
    ["a = 1\na.b = 2", "a"],
    ["a.b = 1\na = 2", "a"],
    ["a.b.c = 1\na.b = 2", "a.b"],
    ["[t.a]\nb = 1\n[u]\n[v.t]\na.b = 1\na.b = 2", "v.t.a.b"],
    // Tables.
    ["[a]\nb = 1\n[a]\nc = 1", "a"],
    ["[a]\n[b]\n['a']", "a"],
    ["[a.b]\n[a . b]", "a.b"],
    ["a = {}\n[a]", "a"],
    ["a = { b = 1 }\n[a.c]", "a"],
    ["a = {}\n[a.b.c]", "a"],
    ["a = [{}]\n[[a]]", "a"],
    ["a = [{}]\n[a.b]", "a"],
    ["[[a]]\n[a]", "a"],
    ["[a]\nb.c = 1\n[a.b]", "a.b"],
    ["[[a]]\n[a.b]\n[a.b]", "a.b"],
  ];
  for (const [text, name] of repeated) {
    assertEquals(faultOf(text), `"${name}" is given twice`, JSON.stringify(text));
    assertEquals(faultOf(text.replaceAll("\n", "\r\n")), `"${name}" is given twice`);
  }
});

Deno.test("checkToml() wants the end of the line behind a value and a header", () => {
  const faults: readonly (readonly [string, number])[] = [
    ["a = 1 b = 2", 1],
    ["a = 1\n\nb = 'x' c = 'y'\n", 3],
    ["a = [\n1,\n] b = 2", 3],
    ["[a] b = 1", 1],
    ["[a] [b]", 1],
    ["a =\n{ b = 1 }", 1],
  ];
  for (const [text, line] of faults) {
    assertEquals(faultOf(text), `line ${line} goes on where it has to end`, JSON.stringify(text));
  }
});

Deno.test("checkToml() refuses the key that the parser drops", () => {
  const dropped = ["__proto__ = 1", "[a]\n'__proto__' = 1", "a = { b.__proto__ = 1 }"];
  for (const text of [...dropped, "[a.__proto__]\nb = 1", '"_\\u005fproto__" = 1']) {
    assertThrows(() => checkToml(text), ConfigFault, '__proto__" is unknown', text);
  }
  checkToml("proto = 1\na = '__proto__'\n");
});
