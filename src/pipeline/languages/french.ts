// French, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const french: ListeningWords = {
  openWords: setOf(
    "a|à|alors|au|aux|avec|avant|après|c'est|ce|ces|cet|cette|chez|comme|comment|dans|de|depuis|des|donc|du|elle|en",
    "entre|est|et|était|euh|il|ils|j'ai|j'aimerais|je|je suis|jusqu'à|l|la|le|les|leur|lors|ma|mais|me|mes|mon|ne|nos",
    'notre|nous|on|ou|où|par|parce|pas|pendant|pour|pourquoi|quand|que|quel|quelle|qui|sa|sans|se|ses|si|son|sont|sous',
    'suis|sur|ta|tes|ton|très|tu|un|une|vers|voudrais|vos|votre|vous|y|ben|bah|hum',
  ),
  openEndings: [
    /\b(mon|ma|mes|le|la|notre|son|sa) (\S+ )?(nom|prénom|numéro|téléphone|adresse|mail|e-mail|date)( est| c'est| de)?$/,
    /(^| )(je voudrais|j'aimerais|je veux|j'ai besoin|je cherche|j'appelle|je vous appelle)( de| d| pour)?$/,
    /(^| )(attendez|attends|un (moment|instant)|une (minute|seconde)|laissez-moi)( \S+)?$/,
    /\b(pouvez-vous|pourriez-vous|est-ce que|avez-vous|auriez-vous|est-ce qu'il|y a-t-il)$/,
  ],
  closedEndings: [
    /\b(comment|qui|quoi|où|combien|quel|quelle) (est|c'est|sont)( il| elle)?$/,
    /(^| )(ça|c'est|tout|oui) (ça|est|y est|pour vous|pour moi|à vous)$/,
    /(^| )(pas|moi|oui|non) (pas|moi non plus|aussi|merci)$/,
    /\b(je ne|j'en|je n'en) (sais|peux|veux|crois) pas$/,
    /\b(non )?pas$/,
    /\b(avec|pour|chez|sans|à|de) (vous|moi|elle|nous|eux)$/,
    /\b(voulez|pouvez|faites|êtes|avez|allez|disiez)[- ]vous$/,
  ],
  answers: setOf(
    "oui|non|ouais|si|d'accord|ok|okay|bien sûr|exactement|exact|c'est ça|parfait|merci|merci beaucoup|au revoir|bonjour",
    "non merci|oui merci|oui s'il vous plaît|s'il vous plaît|ça marche|c'est bon|très bien|c'est tout|voilà|allô|pas du tout",
    "le premier|la première|le deuxième|la deuxième|le second|n'importe|continuez|répétez|salut|bonne journée",
  ),
  acknowledgements: setOf(
    "hum|mm|mhm|hm|ah|oh|oui|ouais|ok|okay|d'accord|bien|très bien|parfait|je vois|entendu|ah oui|ah d'accord|voilà|super|bon",
  ),
  assents:
    /(?<!\p{L})(oui|ouais|exact|exactement|correct|c'est ça|c'est bon|tout à fait|parfait|d'accord|voilà|ok)(?!\p{L})/u,
  denials: setOf('non|pas|faux|mais|attendez|incorrect'),
  stops: setOf(
    'attendez|attends|stop|arrêtez|arrête|non|non non|un instant|un moment|une seconde|une minute|pardon|excusez-moi',
  ),
  awaits:
    /(un (petit )?(instant|moment)|une (seconde|minute)|attendez|attends|ne quittez pas|je (regarde|vérifie|cherche|demande)\b.*|laissez-moi (regarder|vérifier|chercher|réfléchir)\b.*)( s'il vous plaît)?$/,
  announcesNumber:
    /\b(mon|le) (numéro|téléphone|portable)( de téléphone)?( est|, c'est| c'est)\b|\b(joindre|rappeler|appeler) au\b/,
  digits: digitsOf(
    'zéro=0,un|une=1,deux=2,trois=3,quatre=4,cinq=5,six=6,sept=7,huit=8,neuf=9,dix=10,onze=11,douze=12,treize=13,' +
      'quatorze=14,quinze=15,seize=16,vingt=20,trente=30,quarante=40,cinquante=50,soixante=60,septante=70,huitante|octante=80,nonante=90',
  ),
  address: {
    signs: signsOf({
      at: 'arobase|arrobase|arobas|arrobas|a commercial',
      dot: 'point',
      dash: "tiret|tiret du six|trait d'union|moins",
      underscore: 'tiret bas|tiret du huit|souligne',
      plus: '',
    }),
    atIsAWord: false,
    asides: setOf(
      'tout attache|attache|en un seul mot|en un mot|tout en minuscules|en minuscules|minuscules|minuscule|en minuscule|sans espace|sans espaces',
      'majuscule|ensuite|puis|tout colle|colle',
    ),
    before: setOf(
      "mail|email|courriel|adresse|electronique|oui|ouais|voila|d'accord|non|pardon|c'est|est|serait|alors|ecrivez|l'adresse|nom",
    ),
    announces: /\b(e-?mail|mail|courriel|adresse)( c'est| est| serait|,)(?= )/,
    cardinal: cardinals['fr']!,
    marked: {},
  },
  asks: [
    ['email', /\b(e-?mail|mail|courriel|adresse électronique)\b/],
    [
      'phone',
      /numéro de (téléphone|portable|mobile)|\bnuméro\b.*\b(joindre|rappeler|appeler)\b|\b(votre|un) (téléphone|portable|mobile)\b/,
    ],
    ['spelling', /épel/],
    ['code', /\b(code|chiffres|référence|dossier|pin)\b/],
    [
      'name',
      /\b(votre|quel) (nom|prénom)\b|à quel nom|comment vous appelez|c'est de la part de qui|qui est à l'appareil/,
    ],
    ['date', /\bquel(le)? (jour|date|heure)\b|\bquand\b|date de naissance/],
  ],
  timeOfDay:
    /(\b\d{1,2}( ?h ?\d{0,2}|:\d\d)?\b|\bmidi\b|\bminuit\b|\bheures?\b|\bmatin\b|après-midi|\bsoir\b)/,
};
