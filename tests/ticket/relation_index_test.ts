import { assertEquals } from "@std/assert";
import { RelationIndex } from "../../lib/ticket/relation_index.ts";
import { scanRoot } from "../../lib/ticket/root_scan.ts";
import { makeFifo, relationsText, withRoot, writeTicket } from "./_ticket_root.ts";

const [A, B, C] = ["00001KT07NV00", "00001KT07NV01", "00001KT07NV02"] as const;
const FILE = "artifacts/relations.json";

/** Relations as `A kind B`, with the ids' last letters. */
async function read(root: string, index: RelationIndex) {
  const { relations, problems } = await index.read(scanRoot(root).entries);
  return {
    relations: relations.map((it) => `${it.ticketId.at(-1)} ${it.kind} ${it.target.at(-1)}`),
    problems: problems.map((problem) => problem.path),
  };
}

Deno.test("RelationIndex reads all relations, sorted, and tells damaged files beside them", async () => {
  await withRoot(async (root) => {
    const file = (text: string) => ({ files: { [FILE]: text } });
    writeTicket(
      root,
      A,
      file(relationsText(A, [["blocks", C], ["depends_on", C], ["related", B]])),
    );
    writeTicket(root, B, file("{"));
    writeTicket(root, C, file(relationsText(C, [["depends_on", A]])));
    writeTicket(root, "00001KT07NV03", file(relationsText(A, [["depends_on", B]])));
    writeTicket(root, "00001KT07NV04");
    await Deno.remove(`${root}/00001KT07NV04/artifacts`, { recursive: true });
    await Deno.symlink(`../${A}/artifacts`, `${root}/00001KT07NV04/artifacts`);
    writeTicket(root, "00001KT07NV05");
    await makeFifo(`${root}/00001KT07NV05/${FILE}`);
    writeTicket(root, "00001KT07NV06");
    await Deno.symlink(`../../${A}/${FILE}`, `${root}/00001KT07NV06/${FILE}`);
    writeTicket(root, "00001KT07NV07");
    await Deno.remove(`${root}/00001KT07NV07/artifacts`, { recursive: true });
    writeTicket(root, "00001KT07NV08");
    await Deno.remove(`${root}/00001KT07NV08/artifacts`, { recursive: true });
    await Deno.symlink("../00001KT07NV05", `${root}/00001KT07NV08/artifacts`);
    assertEquals(await read(root, new RelationIndex(root)), {
      relations: ["0 depends_on 2", "0 blocks 2", "0 related 1", "2 depends_on 0"],
      problems: [
        `${B}/${FILE}`,
        `00001KT07NV03/${FILE}`,
        "00001KT07NV04/artifacts",
        `00001KT07NV05/${FILE}`,
        `00001KT07NV06/${FILE}`,
        "00001KT07NV08/artifacts",
      ],
    });
  });
});

Deno.test("RelationIndex: what a caller does to an answer changes no later one", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A, { files: { [FILE]: relationsText(A, [["depends_on", B]]) } });
    writeTicket(root, B);
    const index = new RelationIndex(root, { now: () => Date.now() + 60_000 });
    const { entries } = scanRoot(root);
    const [first] = (await index.read(entries)).relations;
    Object.assign(first!, { kind: "related", target: C });
    assertEquals((await read(root, index)).relations, ["0 depends_on 1"]);
  });
});

Deno.test("RelationIndex is right when files change behind its back", async () => {
  for (const ahead of [0, 60_000]) {
    await withRoot(async (root) => {
      writeTicket(root, A, { files: { [FILE]: relationsText(A, [["depends_on", B]]) } });
      writeTicket(root, B);
      writeTicket(root, C);
      // The clock of a file system is coarse: what is changed next has to get another time.
      await Deno.utime(`${root}/${B}/artifacts`, 0, 0);
      // A minute later everything read here is old enough to be kept.
      const index = new RelationIndex(root, { now: () => Date.now() + ahead });
      const relations = async () => (await read(root, index)).relations;
      for (let round = 0; round < 2; round++) assertEquals(await relations(), ["0 depends_on 1"]);

      await Deno.writeTextFile(`${root}/${A}/${FILE}`, relationsText(A, [["blocks", C]]));
      assertEquals(await relations(), ["0 blocks 2"]);

      await Deno.mkdir(`${root}/${B}/artifacts/notes`);
      await Deno.writeTextFile(`${root}/${B}/${FILE}`, relationsText(B, [["related", A]]));
      assertEquals(await relations(), ["0 blocks 2", "1 related 0"]);

      await Deno.remove(`${root}/${A}/${FILE}`);
      assertEquals(await relations(), ["1 related 0"]);

      await Deno.rename(`${root}/${B}`, `${root}/.gone`);
      assertEquals(await relations(), []);
      await Deno.rename(`${root}/.gone`, `${root}/${B}`);
      assertEquals(await relations(), ["1 related 0"]);
    });
  }
});

Deno.test("RelationIndex finds targets by ids from before a migration, and by those to come", async () => {
  const [old, other] = ["20260608-015630-001", "20260608-015631-001"];
  await withRoot(async (root) => {
    const file = (owner: string, target: string) => ({
      files: { [FILE]: relationsText(owner, [["depends_on", target]]) },
    });
    writeTicket(root, A, file(A, old));
    writeTicket(root, B, file(B, C));
    writeTicket(root, other);
    const ids = { [old]: B, [other]: C };
    await Deno.writeTextFile(
      `${root}/.ticket-ids.json`,
      JSON.stringify({ version: 1, ids, slugs: {} }),
    );
    const { relations } = await new RelationIndex(root).read(scanRoot(root).entries);
    assertEquals(relations.map(({ ticketId, target }) => [ticketId, target]), [[A, B], [B, other]]);
  });
});
