import { findPhrases } from "./phrases.ts";

/** Announcements of a plan. */
export const findPlanning = findPhrases({
  en: `
    plan | my plan | the plan | steps | step 1 | to do list | to-do | todo | i will | i'll | first, |
    first i | let me | approach | strategy | going to`,
  de: "plan | schritte | schritt 1 | zuerst | ich werde | vorgehen",
  fr: "plan | étapes | étape 1 | d'abord | je vais | démarche",
  es: "plan | pasos | paso 1 | primero | voy a",
  it: "piano | passi | passo 1 | prima | farò",
  pt: "plano | passos | passo 1 | primeiro | vou",
  nl: "plan | stappen | stap 1 | eerst | ik ga",
  pl: "plan | kroki | krok 1 | najpierw",
  ru: "план | шаги | шаг 1 | сначала",
  tr: "plan | adımlar | önce",
  ar: "خطة | الخطوات | أولا | أولاً",
  ja: "計画 | 手順 | まず | ステップ",
  zh: "计划 | 步骤 | 首先 | 第一步",
  ko: "계획 | 단계 | 먼저",
});
