// Portuguese, as it is listened to.

import { cardinals } from '../spoken-form/cardinals.ts';
import { digitsOf, setOf, signsOf } from './language.ts';
import type { ListeningWords } from './language.ts';

export const portuguese: ListeningWords = {
  openWords: setOf(
    'a|à|ao|aos|as|às|até|com|como|da|das|de|dela|dele|depois|do|dos|e|é|ela|ele|em|entre|era|essa|esse|esta|está|estão',
    'este|estou|eu|foi|gostaria|há|já|lhe|mais|mas|me|meu|meus|minha|minhas|muito|na|nas|nem|no|nos|nossa|nosso|num|numa',
    'o|onde|os|ou|para|pela|pelo|por|porque|preciso|qual|quando|que|quem|quero|queria|são|se|sem|seu|sua|só|sobre|sou',
    'também|tem|tenho|teu|tua|um|uma|uns|umas|né|hum|hã|pra|pro|então|ahn|é que',
  ),
  openEndings: [
    /(^| )(o|a|meu|minha|nosso|nossa|seu|sua) (\S+ )?(nome|apelido|sobrenome|número|telefone|telemóvel|celular|endereço|e-?mail|data)( é| de)?$/,
    /(^| )(gostaria|queria|quero|preciso|estou (ligando|à procura|a ligar))( de| para| por)?$/,
    /(^| )(espere|espera|um (momento|segundo|minuto)|só um|deixe-me|deixa eu)( \S+)?$/,
    /(^| )(pode|poderia|podem|tem|têm|vocês|você)$/,
  ],
  closedEndings: [
    /(^| )(como|quem|qual|onde|quanto|quando|o que) (é|está|são|era|foi)$/,
    /(^| )(isso|assim|tudo|aqui|ali|já) (é|está|já|só)$/,
    /(^| )(acho|espero|claro) que (sim|não|é)$/,
    /(^| )(sim|não|já) (é|está|tem|tenho|quero|sou)$/,
    /(^| )(é|só|era) (só|isso|tudo)( mesmo)?$/,
    /(^| )não (tem|tenho|quero|há|mais)$/,
  ],
  answers: setOf(
    'sim|não|isso|isso mesmo|claro|certo|correto|exato|exatamente|tá|tá bom|está bem|está bom|tudo bem|perfeito|obrigado',
    'obrigada|muito obrigado|muito obrigada|adeus|tchau|olá|oi|alô|não obrigado|não obrigada|sim por favor|por favor|ok',
    'okay|pode ser|com certeza|é só isso|é tudo|mais nada|nenhum|bom dia|boa tarde|o primeiro|a primeira|o segundo|a segunda|tanto faz',
  ),
  acknowledgements: setOf(
    'hum|mm|mhm|hm|ah|oh|sim|tá|tá bom|ok|okay|certo|claro|isso|entendi|entendo|percebo|está bem|bom|muito bem|perfeito|ah sim|pois|pois é|legal',
  ),
  assents:
    /(?<!\p{L})(sim|isso|certo|correto|correcto|exato|exatamente|está bem|perfeito|pois|confirmo|ok)(?!\p{L})/u,
  denials: setOf('não|errado|mas|espere|incorreto'),
  stops: setOf(
    'espere|espera|pare|para|não|não não|um momento|um segundo|só um momento|desculpe|desculpa|alto|peraí|calma',
  ),
  awaits:
    /((só )?um (momento|segundo|minuto|instante|momentinho|minutinho)|\bespere|\bespera|\bdeixe-me (ver|procurar|verificar|pensar)\b.*|\bdeixa eu (ver|procurar|verificar|pensar)\b.*|\bvou (ver|procurar|verificar)\b.*)( por favor)?$/,
  announcesNumber:
    /\b(o )?meu (número|telefone|telemóvel|celular)( de (telefone|telemóvel|celular|contacto))? é(?= )|\bligar(-me)? para o\b/,
  digits: digitsOf(
    'zero=0,um|uma=1,dois|duas=2,três=3,quatro=4,cinco=5,seis|meia=6,sete=7,oito=8,nove=9,dez=10,onze=11,doze=12,' +
      'treze=13,catorze|quatorze=14,quinze=15,dezesseis|dezasseis=16,dezessete|dezassete=17,dezoito=18,' +
      'dezenove|dezanove=19,vinte=20,trinta=30,quarenta=40,cinquenta=50,sessenta=60,setenta=70,oitenta=80,noventa=90',
  ),
  address: {
    signs: signsOf({
      at: 'arroba|aroba',
      dot: 'ponto',
      dash: 'hifen|traco|tracinho|menos|ifen',
      underscore: 'sublinhado|underline|anderline|traco baixo|traco inferior|underscor',
      plus: 'mais',
    }),
    atIsAWord: false,
    asides: setOf(
      'tudo junto|junto|tudo minusculo|tudo em minusculas|em minusculas|minusculas|minusculo|minuscula|tudo pegado|pegado|sem espacos|sem espaco|maiuscula|depois',
    ),
    before: setOf(
      'mail|email|correio|eletronico|electronico|endereco|sim|claro|certo|nao|desculpe|seria|conta|nome|escreva|anote|tome',
    ),
    announces: /(^| )(e-?mail|mail|correio eletr[óô]nico|endereço)( é| seria|,)(?= )/,
    cardinal: cardinals['pt']!,
    marked: {},
  },
  asks: [
    ['email', /\b(e-?mail|correio eletr[óô]nico)\b/],
    [
      'phone',
      /n[úu]mero.*(telefone|telem[óo]vel|celular|contato|contacto|ligar)|\b(seu|um) (telefone|telem[óo]vel|celular|contato|contacto)\b/,
    ],
    ['spelling', /\bsoletr/],
    ['code', /\b(c[óo]digo|pin|d[íi]gitos|algarismos|refer[êe]ncia|cep)\b/],
    [
      'name',
      /\b(seu|o) (nome|apelido|sobrenome)\b|como se chama|quem (fala|est[áa] falando)|em nome de quem|em que nome/,
    ],
    ['date', /\b(que|qual) (dia|data|hora)\b|\bquando\b|data de nascimento|\bque horas\b/],
  ],
  timeOfDay: /(\b\d{1,2}(:\d\d| ?h\d{0,2})?\b|meio-dia|manhã|tarde|noite|\bàs \S+|e meia)/,
};
