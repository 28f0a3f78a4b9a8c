// The words callers of a receptionist use: days, times, numbers, names and letters, as lists the grammar is made of.

export const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');

export const months =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

export const ordinals = (
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
  'sixteenth seventeenth eighteenth nineteenth twentieth'
)
  .split(' ')
  .concat(
    'first second third fourth fifth sixth seventh eighth ninth'
      .split(' ')
      .map((unit) => `twenty ${unit}`),
    ['thirtieth', 'thirty first'],
  );

export const units = 'one two three four five six seven eight nine'.split(' ');

export const hours = [...units, 'ten', 'eleven', 'twelve'];

/** What may follow an hour: `ten thirty`, `ten oh five`, `ten forty five`. Nobody books for ten thirty-one. */
export const minutes = [
  'oh five',
  'ten',
  'fifteen',
  ...['twenty', 'thirty', 'forty', 'fifty'].flatMap((ten) => [ten, `${ten} five`]),
];

export const digits = ['zero', 'oh', ...units];

/** Letters as the recogniser's dictionary spells their names. */
export const letters = 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `${letter}.`);

export const firstNames = (
  'aaron adam alan albert alex alice alison amanda amy andrea andrew angela anita ann anna anne anthony antonio arthur ' +
  'ashley barbara ben benjamin betty bill bob brandon brenda brian bruce carl carla carlos carol caroline catherine ' +
  'charles charlotte cheryl chris christina christine christopher claire claudia craig cynthia daniel david deborah ' +
  'denise dennis diana diane donald donna dorothy douglas edward elaine elena elizabeth ellen emily emma eric erica ' +
  'eva evelyn frank fred gary george gerald gloria grace greg hannah harold harry heather helen henry howard isabel ' +
  'jack jacob james jane janet jason jean jeff jeffrey jennifer jeremy jerry jessica jim joe john jonathan jordan ' +
  'jose joseph joshua joyce judith judy julia julie justin karen katherine kathleen keith kelly ken kenneth ' +
  'kevin kim kimberly kyle larry laura lauren lawrence lee linda lisa louis lucy luis lynn margaret maria marie marilyn ' +
  'mark martha martin mary matthew megan melissa michael michelle mike monica nancy natalie nathan nicholas nicole ' +
  'nina noah olivia oliver pamela patricia patrick paul paula peter philip rachel ralph raymond rebecca richard robert ' +
  'roger ronald rosa rose roy russell ruth ryan samantha samuel sandra sara scott sean sharon shirley simon sofia ' +
  'sophia stephanie stephen steve steven stuart susan suzanne teresa theresa thomas tim timothy tina todd tom ' +
  'tony tyler vanessa victor victoria vincent virginia walter wayne wendy william zoe'
).split(' ');

export const lastNames = (
  'adams allen anderson bailey baker barnes bell bennett brooks brown bryant butler campbell carter castillo chan chen ' +
  'clark cohen coleman collins cook cooper cox cruz davis diaz edwards evans fisher flores foster garcia gibson gomez ' +
  'gonzalez graham grant gray green griffin hall hamilton harris harrison hayes henderson hernandez hill hoffman ' +
  'holmes howard hughes hunt hunter jackson jenkins johnson jones jordan kelly kennedy kim king kumar lee lewis long ' +
  'lopez martinez marshall mason mcdonald meyer miller mitchell moore morales morgan morris murphy murray myers ' +
  "nelson nguyen o'brien o'connor ortiz owens palmer parker patel patterson perez perry peterson phillips " +
  'powell price ramirez ramos reed reyes reynolds rice richardson rivera roberts robertson robinson rodriguez rogers ' +
  'ross russell ryan sanchez sanders schmidt schneider scott shaw silva simmons simpson singh smith snyder stevens ' +
  'stewart stone sullivan taylor thompson torres turner walker wallace ward washington watson weber webb wells ' +
  'west white williams williamson wilson wood woods wright young zimmerman'
).split(' ');

/** In e-mail addresses, a few: each name of a rule costs time, wherever it stands. */
export const mailboxFirst = 'anna david emily john maria mark mary sara'.split(' ');
export const mailboxLast = 'brown garcia johnson jones miller smith taylor williams'.split(' ');
