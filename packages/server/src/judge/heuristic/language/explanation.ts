import { findPhrases } from "./phrases.ts";

/** Reasons. A refusal with a reason differs from giving up. */
export const findExplanation = findPhrases({
  en: `
    because | since it | since the | due to | policy | policies | not allowed | not permitted |
    not eligible | personal data | privacy | terms | for security | requires | only if | rules |
    confidential | restricted`,
  de: `
    weil | da es | da sie | wegen | aufgrund | richtlinie* | nicht erlaubt | nicht zulässig |
    datenschutz | vorschrift* | bedingungen`,
  fr: "parce que | en raison | politique | pas autorisé | conditions | confidentialité | règlement",
  es: "porque | ya que | debido a | política | no está permitido | condiciones | privacidad",
  it: "perché | poiché | a causa | politica | non è consentito | condizioni | privacy",
  pt: "porque | pois | devido a | política | não é permitido | condições | privacidade",
  nl: "omdat | vanwege | beleid | niet toegestaan | voorwaarden",
  pl: "ponieważ | z powodu | zasady | regulamin | niedozwolone",
  ru: "потому что | так как | из-за | правил* | политик* | не разрешено",
  tr: "çünkü | nedeniyle | politika* | izin verilmiyor",
  ar: "لأن | بسبب | سياسة | غير مسموح",
  hi: "क्योंकि | के कारण | नीति",
  ja: "ため | ので | 規約 | ポリシー | 個人情報 | 規定",
  zh: "因为 | 由于 | 政策 | 规定 | 不允许 | 隐私",
  ko: "때문에 | 정책 | 규정 | 허용되지",
});
