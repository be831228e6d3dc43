// One meaning, one colour, on every dashboard.

export const good = 'green';
export const warning = 'orange';
export const bad = 'red';
export const neutral = 'blue';
export const second = 'purple';
export const third = '#4fc1c9';
export const quiet = '#7b8087';

export const online = good;
export const away = 'yellow';
export const offline = quiet;
