/**
 * The vectors that the rules of strictness (protocol specification, section 1.3) give for every
 * field of the tables. Written from the specification alone: nothing of `lib/protocol` is used here,
 * so that a slip there cannot hide itself.
 */

import { ENUMS, EVENTS, METHODS, POD_EVENTS, RECORDS, SEGMENTS } from "./_spec_tables.ts";

/** One line and what becomes of it: its canonical text, or nothing when it must be refused. */
export interface WireVector {
  wire: string;
  canonical: string | undefined;
}

/** The vectors of every Method, by a name for the test. */
export function methodVectors(): Map<string, WireVector[]> {
  const groups = envelopeVectors("method", "params", METHODS);
  for (const [kind, fields] of Object.entries(POD_EVENTS)) {
    const envelope = (text: string) => `{"method":"pod_event","params":${text}}`;
    groups.set(`pod_event ${kind}`, wrapped(taggedVectors(kind, fields), envelope));
  }
  groups.set("pod_event", [
    ...UNIT_CONTENT.map((content) => refused(`{"method":"pod_event","params":${content}}`)),
    refused('{"method":"pod_event"}'),
    ...["[]", "{}", "5", "null", '"pause"', '""', '"TurnEnded"', '"unknown"'].map((kind) =>
      refused(`{"method":"pod_event","params":{"kind":${kind},"pod_name":"a","message":"b"}}`)
    ),
  ]);
  return groups;
}

/** The vectors of every Event. */
export function eventVectors(): Map<string, WireVector[]> {
  return envelopeVectors("event", "data", EVENTS);
}

/** What is no content of anything that has fields, and none of a unit either, apart from null. */
const UNIT_CONTENT = ["null", "[]", "[[]]", '""', '"x"', "0", "1", "true", "false"];
/** Keys that no table has, with values that must not matter. */
const EXTRA_KEYS = [
  '"x":null',
  '"":{"kind":5}',
  '"__proto__":{"a":[]}',
  '"constructor":0',
  '"toString":"\\u0000"',
  '"Kind":1.5',
  '"hasOwnProperty":[[],{}]',
];

function envelopeVectors(
  tag: string,
  content: string,
  table: Record<string, string>,
): Map<string, WireVector[]> {
  const groups = new Map<string, WireVector[]>();
  for (const [name, fields] of Object.entries(table)) {
    const wrap = (text: string) => `{"${tag}":"${name}","${content}":${text}}`;
    const bare = `{"${tag}":"${name}"}`;
    if (fields === "") {
      groups.set(name, [
        { wire: bare, canonical: bare },
        { wire: wrap("null"), canonical: bare },
        { wire: `{"${content}":null,"x":[1],"${tag}":"${name}"}`, canonical: bare },
        ...EXTRA_KEYS.map((key) => ({ wire: `{${key},"${tag}":"${name}"}`, canonical: bare })),
        ...["{}", '{"a":1}', ...UNIT_CONTENT.slice(1)].map((each) => refused(wrap(each))),
        ...misspelt(name).map((each) => refused(`{"${tag}":"${each}"}`)),
      ]);
      continue;
    }
    const whole = wrap(sampleObject(fields).canonical);
    const given = sampleObject(fields).wire;
    groups.set(name, [
      ...wrapped(objectVectors(fields), wrap),
      ...UNIT_CONTENT.map((each) => refused(wrap(each))),
      refused(bare),
      ...misspelt(name).map((each) => refused(`{"${tag}":"${each}","${content}":${given}}`)),
      { wire: `{"${content}":${given},"${tag}":"${name}"}`, canonical: whole },
      ...EXTRA_KEYS.map((key) => ({
        wire: `{${key},"${content}":${given},"${tag}":"${name}"}`,
        canonical: whole,
      })),
      { wire: ` \t\u0085\u3000${wrap(given)}\r\u2028\u00a0`, canonical: whole },
      refused(`\ufeff${wrap(given)}`),
      refused(`${wrap(given)}\ufeff`),
      refused(wrap(given).slice(0, -1)),
      refused(`${wrap(given)}${wrap(given)}`),
      refused(`[${wrap(given)}]`),
    ]);
  }
  return groups;
}

/** Other spellings of a name, none of which is a name. */
function misspelt(name: string): string[] {
  const camel = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const others = [name.toUpperCase(), `${name[0]!.toUpperCase()}${name.slice(1)}`, ` ${name}`];
  if (camel !== name) others.push(camel, name.replaceAll("_", "-"), name.replaceAll("_", ""));
  return [...others, `${name} `, `${name}s`, ""];
}

interface Field {
  name: string;
  type: string;
  /** Behind the type: `?`, `|null`, `=v`, or nothing. */
  rule: string;
}

function parseFields(fields: string): Field[] {
  return fields.split(", ").map((field) => {
    const [, name, type, rule] = /^(\w+) (\w+(?:\[\])?)(.*)$/.exec(field)!;
    return { name: name!, type: type!, rule: rule! };
  });
}

/** A value as it may be sent, and as it is written again. */
interface Sample {
  wire: string;
  canonical: string;
}

/** The members of an object in their order; `undefined` leaves one out. */
function objectText(members: [string, string | undefined][]): string {
  return `{${
    members.filter(([, text]) => text !== undefined).map(([key, text]) => `"${key}":${text}`)
      .join(",")
  }}`;
}

function sampleObject(fields: string, head: [string, string][] = []): Sample {
  const parsed = parseFields(fields);
  const member = (side: keyof Sample) => (field: Field): [string, string | undefined] => {
    const sample = good(field.type)[0]!;
    return [field.name, side === "canonical" ? written(field, sample) : sample.wire];
  };
  return {
    wire: objectText([...head, ...parsed.map(member("wire"))]),
    canonical: objectText([...head, ...parsed.map(member("canonical"))]),
  };
}

/** How a given value of a field is written. */
function written({ rule }: Field, { canonical }: Sample): string | undefined {
  return rule === `=${canonical}!` ? undefined : canonical;
}

/** How a field that is absent is written; `undefined` where that is an error. */
function ifAbsent({ rule }: Field): { canonical: string | undefined } | undefined {
  if (rule === "?" || rule.endsWith("!")) return { canonical: undefined };
  if (rule === "|null") return { canonical: "null" };
  if (rule.startsWith("=")) return { canonical: rule.slice(1) };
  return undefined;
}

/** What the rules say of an object with `fields`, field by field. */
function objectVectors(fields: string, head: [string, string][] = []): WireVector[] {
  const parsed = parseFields(fields);
  const vectors: WireVector[] = [];
  for (const [at, field] of parsed.entries()) {
    const put = (text: string | undefined, side: keyof Sample = "wire"): string =>
      objectText([
        ...head,
        ...parsed.map((other, index): [string, string | undefined] => {
          if (index === at) return [other.name, text];
          const sample = good(other.type)[0]!;
          return [other.name, side === "wire" ? sample.wire : written(other, sample)];
        }),
      ]);
    for (const sample of good(field.type)) {
      vectors.push({
        wire: put(sample.wire),
        canonical: put(written(field, sample), "canonical"),
      });
    }
    for (const text of bad(field.type)) vectors.push(refused(put(text)));

    const absent = ifAbsent(field);
    const asAbsent = absent && put(absent.canonical, "canonical");
    vectors.push({ wire: put(undefined), canonical: asAbsent });
    // Null reads as absent, apart from defaults; an opaque value may be null itself.
    const takesNull = !field.rule.startsWith("=");
    if (field.type === "json") vectors.push({ wire: put("null"), canonical: put("null") });
    else vectors.push({ wire: put("null"), canonical: takesNull ? asAbsent : undefined });
    if (absent === undefined) {
      const odd = put(undefined).replace(
        /}$/,
        `,"${field.name.toUpperCase()}":${good(field.type)[0]!.wire}}`,
      );
      vectors.push(refused(odd.replace("{,", "{")));
    }
  }

  const whole = sampleObject(fields, head);
  const reversed = objectText(
    [...parsed].reverse().map((field) => [field.name, good(field.type)[0]!.wire]),
  );
  const tail = head.map(([key, text]) => `,"${key}":${text}`).join("");
  vectors.push({
    wire: reversed.replace(/}$/, `${tail}}`),
    canonical: whole.canonical,
  });
  for (const key of EXTRA_KEYS) {
    vectors.push(
      { wire: whole.wire.replace("{", `{${key},`), canonical: whole.canonical },
      { wire: whole.wire.replace(/}$/, `,${key}}`), canonical: whole.canonical },
    );
  }
  return vectors;
}

function taggedVectors(kind: string, fields: string): WireVector[] {
  return objectVectors(fields, [["kind", `"${kind}"`]]);
}

const INTEGERS: Record<string, { good: string[]; bad: string[] }> = {
  u16: { good: ["65535"], bad: ["-1", "65536"] },
  u32: { good: ["4294967295"], bad: ["-1", "4294967296"] },
  // Beyond 2^53-1 a decoder may refuse as well as keep; below there is no choice.
  u64: { good: ["4294967296", "9007199254740991"], bad: ["-1", "18446744073709551616"] },
  i64: {
    good: ["-1", "9007199254740991", "-9007199254740991"],
    bad: ["9223372036854775808", "-9223372036854775809"],
  },
};

const STRINGS: Sample[] = [
  same('"a"'),
  same('""'),
  same('"é 世界 😀 \u007f\u2028\ufeff /"'),
  { wire: '"\\u0041\\/\\uD83D\\uDE00"', canonical: '"A/😀"' },
  {
    wire: '"\\u0000\\u001F\\u0008\\u0009\\u000a\\u000C\\u000d\\u0022\\u005c"',
    canonical: '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\"',
  },
  same('"\\\\ud800"'),
];
const NO_STRINGS = ["0", "true", "[]", '["a"]', "{}", "1e400"];
const BROKEN_STRINGS = [
  '"\\ud800"',
  '"a\\uDC00\\uD800"',
  '"\\ud83dx"',
  '"\\x41"',
  '"\u0001"',
  '"\t"',
  "'a'",
  "a",
  '"a',
];
const JSON_VALUES = [
  "null",
  "0",
  "-1.5",
  '""',
  "[]",
  "{}",
  '{"a":null,"b":[1,{"c":false}],"é":"\\u0000"}',
  nested(125),
].map(same);
const NO_JSON_VALUES = [
  '"\\udfff"',
  '{"a":["\\ud800"]}',
  '{"\\ud800":1}',
  "1e400",
  "[[-1e999]]",
  "NaN",
  "Infinity",
  "01",
  "+1",
  ".5",
  "1.",
  "[1,]",
  "{a:1}",
  "/**/1",
  nested(126),
];

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

/** Values of a type that must be taken; the first one is the plainest. */
function good(type: string): Sample[] {
  if (type === "json") return JSON_VALUES;
  if (type === "str") return STRINGS;
  if (type === "bool") return [same("true"), same("false")];
  if (type in INTEGERS) return ["7", "0", ...INTEGERS[type]!.good].map(same);
  if (type === "uuid") {
    const lower = '"0192f0e8-4d84-7d6e-a000-00000000abcd"';
    return [same(lower), { wire: lower.toUpperCase(), canonical: lower }];
  }
  if (type in ENUMS) return ENUMS[type]!.split(" ").map((word) => same(JSON.stringify(word)));
  if (type in RECORDS) return samplesOf(objectVectors(RECORDS[type]!));
  if (type === "segment") return segmentSamples();
  const element = type.slice(0, -2);
  const samples = element === "json"
    ? JSON_VALUES.filter(({ wire }) => wire !== nested(125))
    : good(element);
  return [
    { wire: `[${samples[0]!.wire}]`, canonical: `[${samples[0]!.canonical}]` },
    same("[]"),
    {
      wire: `[${samples.map(({ wire }) => wire).join(",")}]`,
      canonical: `[${samples.map(({ canonical }) => canonical).join(" ,").replaceAll(" ,", ",")}]`,
    },
  ];
}

/** Values of a type that must be refused, apart from absence and null. */
function bad(type: string): string[] {
  if (type === "json") return NO_JSON_VALUES;
  if (type === "str") return [...NO_STRINGS, ...BROKEN_STRINGS];
  if (type === "bool") return ["0", "1", '"true"', '"false"', '""', "[]", "{}", "True"];
  if (type in INTEGERS) {
    const others = ["1.5", '"1"', "true", "[]", "[1]", "{}", "1e400", "-0.5", "1e99", "0x1"];
    return [...INTEGERS[type]!.bad, ...others];
  }
  if (type === "uuid") {
    const whole = "0192f0e8-4d84-7d6e-a000-00000000abcd";
    return [
      ...["", "latest", whole.slice(1), `${whole}0`, `${whole}\\n`, ` ${whole}`].map(quoted),
      quoted(whole.replace("f", "g")),
      quoted(whole.replaceAll("-", "_")),
      ...NO_STRINGS,
    ];
  }
  if (type in ENUMS) {
    const words = ENUMS[type]!.split(" ");
    return [...words.flatMap(misspelt).map(quoted), '"unknown"', "0", "true", "[]", "{}"];
  }
  if (type in RECORDS) {
    return [...refusedOf(objectVectors(RECORDS[type]!)), ...UNIT_CONTENT.slice(3)];
  }
  if (type === "segment") {
    return [
      ...Object.entries(SEGMENTS).flatMap(([kind, fields]) =>
        refusedOf(taggedVectors(kind, fields))
      ),
      ...UNIT_CONTENT.slice(3),
      "{}",
      '{"content":"x"}',
      ...["5", "null", "true", "[]", "{}", '["text"]'].map((kind) =>
        `{"kind":${kind},"content":"x"}`
      ),
      '{"Kind":"text","content":"x"}',
      '{"kind":"\\ud800"}',
      '{"kind":"image","x":"\\ud800"}',
      '{"kind":"image","x":[1e400]}',
    ];
  }
  const element = type.slice(0, -2);
  const [sample] = good(element);
  return [
    ...bad(element).flatMap((each) => [`[${each}]`, `[${sample!.wire},${each}]`]),
    ...(element === "json" ? [] : ["[null]"]),
    ...["{}", '""', '"x"', "0", "true", '{"0":1,"length":1}'],
    ...(element === "json" ? [] : [sample!.wire]).filter((text) => !text.startsWith("[")),
  ].filter((text) => text !== `[${nested(125)}]`);
}

function segmentSamples(): Sample[] {
  const known = Object.entries(SEGMENTS).flatMap(([kind, fields]) =>
    samplesOf(taggedVectors(kind, fields))
  );
  const unknown = ["unknown", "", "Text", "TEXT", " text", "voice", "fileRef", "__proto__", "é"];
  const others = ["", ',"content":5', ',"slug":null,"path":[{}]', ',"x":{"kind":"text"}'];
  return [
    ...known,
    ...unknown.flatMap((kind) =>
      others.map((rest) => ({ wire: `{"kind":"${kind}"${rest}}`, canonical: '{"kind":"unknown"}' }))
    ),
    { wire: '{"content":[],"kind":"image"}', canonical: '{"kind":"unknown"}' },
  ];
}

function samplesOf(vectors: WireVector[]): Sample[] {
  return vectors.flatMap(({ wire, canonical }) =>
    canonical === undefined ? [] : { wire, canonical }
  );
}

function refusedOf(vectors: WireVector[]): string[] {
  return vectors.filter(({ canonical }) => canonical === undefined).map(({ wire }) => wire);
}

function wrapped(vectors: WireVector[], wrap: (text: string) => string): WireVector[] {
  return vectors.map(({ wire, canonical }) => ({
    wire: wrap(wire),
    canonical: canonical === undefined ? undefined : wrap(canonical),
  }));
}

function refused(wire: string): WireVector {
  return { wire, canonical: undefined };
}

function same(text: string): Sample {
  return { wire: text, canonical: text };
}

function quoted(text: string): string {
  return `"${text}"`;
}
