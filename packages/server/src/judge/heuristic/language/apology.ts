import { findPhrases } from "./phrases.ts";

/** Apologies. One is courtesy; several in one trace show that something went wrong. */
export const findApology = findPhrases({
  en: `
    sorry | i apologize | i apologise | we apologize | we apologise | my apologies | apologies |
    unfortunately | regrettably | my mistake | my bad`,
  de: "es tut mir leid | tut mir leid | entschuldig* | leider | bedauerlicherweise | mein fehler",
  fr: "désolé | désolée | je m'excuse | toutes mes excuses | malheureusement",
  es: "lo siento | lamento | disculpa | disculpe | perdón | lamentablemente | desafortunadamente",
  it: "mi dispiace | mi scuso | scusa | scusi | purtroppo",
  pt: "desculpe | sinto muito | lamento | infelizmente",
  nl: "sorry | het spijt me | helaas | excuses",
  pl: "przepraszam | przykro mi | niestety",
  ru: "извините | простите | к сожалению | приношу извинения",
  tr: "üzgünüm | özür dilerim | maalesef | ne yazık ki",
  ar: "آسف | عذرا | عذرًا | أعتذر | للأسف",
  hi: "माफ़ कीजिए | क्षमा करें | खेद है | दुर्भाग्य से",
  ja: "申し訳 | すみません | ごめんなさい | 残念ながら | あいにく",
  zh: "抱歉 | 对不起 | 很遗憾 | 不好意思",
  ko: "죄송 | 미안 | 유감 | 안타깝게도",
});
