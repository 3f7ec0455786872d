/** What the offline model says when there is nothing to search. @module */

const INTRODUCTION =
  "I am the built-in offline model of this program: a set of rules, no language model. I can search the workspace and quote what I find, with `path:line`. Ask me, for example:\n\n" +
  "- what is this project?\n- where is `Mailbox` defined?\n- which tests cover the mailbox?\n- list the exports of lib/stream\n";

const TALK: readonly { when: RegExp; say: string }[] = [
  {
    when:
      /^(hi|hello|hey|good (morning|afternoon|evening)|こんにちは|こんばんは|おはよう(ございます)?|やあ)( there| yoi)?$/iu,
    say: `Hello. ${INTRODUCTION}`,
  },
  {
    when: /^(thanks?|thank you|thx|ありがとう(ございます)?)( (very|so) much| a lot)?$/iu,
    say: "You are welcome.\n",
  },
  {
    when:
      /^(help|who are you|what are you|what can you do|how do you work|what model are you|are you (an? )?(llm|ai|language model|human)|あなたは(誰|だれ|何)(ですか)?|(何|なに)ができますか|ヘルプ)$/iu,
    say: INTRODUCTION,
  },
  { when: /^(bye|goodbye|see you|さようなら)$/iu, say: "Goodbye.\n" },
  { when: /^(ok|okay|yes|no|はい|いいえ)$/iu, say: `All right. ${INTRODUCTION}` },
];

/** The answer to small talk, or nothing when the text is a real question. */
export function answerSmallTalk(text: string): string | undefined {
  const said = text.trim().replace(/[\s?!.,。、！？]+$/gu, "").replace(/[’']/gu, "'");
  return TALK.find(({ when }) => when.test(said))?.say;
}

/** The acknowledgement of notes that came without a question. */
export function acknowledgeNotes(notes: readonly string[]): string {
  const lines = notes.map((note) => `- ${firstLine(note)}`);
  return `Noted:\n${
    lines.join("\n")
  }\n\nI am an offline model without a language model behind it; I only note this and do nothing about it.\n`;
}

/** Said when there is neither a question nor a note. */
export const NOTHING_ASKED = `There is no open question. ${INTRODUCTION}`;

const MAX_NOTE = 200;

function firstLine(note: string): string {
  const line = note.split("\n").find((each) => each.trim() !== "")?.trim() ?? "";
  return line.length > MAX_NOTE ? `${line.slice(0, MAX_NOTE - 1).toWellFormed()}…` : line;
}
