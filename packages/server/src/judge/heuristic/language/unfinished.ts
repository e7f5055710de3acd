import { findPhrases } from "./phrases.ts";

/** Mentions of unfinished work. */
export const findUnfinished = findPhrases({
  en: `
    not yet | still need to | still needs to | remains to be | to be done | tbd | will do it later |
    i will get back | i'll get back | get back to you | looking into | work in progress | in progress |
    only partially | partially | incomplete | left out | ran out of | timed out | did not finish |
    didn't finish | not finished | was skipped | one moment | please wait | stay tuned | todo: |
    are failing | is failing | be failing | still failing | still fails | still broken | still open |
    does not pass | do not pass | does not work yet`,
  de: `
    noch nicht | teilweise | unvollständig | in arbeit | nicht fertig | muss noch | steht noch aus |
    kümmere ich mich | einen moment | erst später | vielleicht später | schlagen fehl | schlägt fehl |
    noch offen`,
  fr: "pas encore | partiellement | incomplet | en cours | reste à faire | un instant",
  es: `
    todavía no | aún no | parcialmente | incompleto | en curso | queda pendiente | pendiente de |
    un momento`,
  it: "non ancora | parzialmente | incompleto | in corso | resta da | un momento",
  pt: "ainda não | parcialmente | incompleto | em andamento | pendente | um momento",
  nl: "nog niet | gedeeltelijk | onvolledig | moet nog | een moment",
  pl: "jeszcze nie | częściowo | niekompletn* | w toku",
  ru: "ещё не | еще не | частично | в процессе | не закончен*",
  tr: "henüz | kısmen | eksik",
  ar: "ليس بعد | جزئيا | قيد التنفيذ",
  hi: "अभी तक नहीं | आंशिक",
  ja: "後ほど | のちほど | 未完了 | 少々お待ち",
  zh: "尚未 | 还没有 | 稍后 | 部分完成 | 进行中 | 请稍等",
  ko: "아직 | 일부만 | 진행 중 | 잠시만",
});
