/** Words that say little about the topic of a text, lower case. They are ignored wherever texts are compared by their words. */
export const stopWords: ReadonlySet<string> = new Set(
  [
    // English
    "the and for are but not you all any can had her was one our out has have him his how its may new now old see two",
    "way who did get she that with this from they will would there their what about which when make like time just him",
    "know take into year your some could them than then look only come over also after use work first even want because",
    "these give most is be to of in it on as at by an or if we my me so us do no up he am were been being does i'm it's",
    // German
    "der die das und ist von den dem des ein eine einer einem einen nicht mit sich auf für als auch bei nach wird sind im",
    "zu aus an wie oder so um am es ich sie er wir ihr nur noch dass war hat haben werden kann mein meine dein ihre sein",
    // French
    "le la les de du des un une et est en que qui dans pour pas sur avec au aux ce cette ces il elle on nous vous je tu se",
    "son sa ses mon ma mes par plus ou mais ne sont être avoir fait",
    // Spanish
    "el los las una unos unas y o que de del al en por para con no es lo su sus se me mi tu le como más pero este esta",
    // Italian
    "il lo gli di da che non per con una sono mi si ma come nel della dei delle del al alla",
    // Portuguese
    "os as um uma do da dos das em no na nos nas por com não para que mas como mais foi eu ele ela seu sua",
    // Dutch
    "het een en van niet dat op te zijn met voor er maar om bij naar uit ook wat dan",
  ].flatMap((line) => line.split(" ")),
);
