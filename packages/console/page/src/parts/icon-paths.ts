/** Drawings of 16 × 16, in the colour of the text. */
export const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4 4l8 8M12 4l-8 8',
  clock: 'M8 4.5V8l2.5 1.5M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z',
  pause: 'M6 4v8M10 4v8',
  play: 'M5 3.5v9l7-4.5z',
  dot: 'M8 8h.01',
  warning: 'M8 6v3M8 11.5v.01M8 2.2L14.5 13.5h-13z',
  spin: 'M8 2a6 6 0 1 0 6 6',
  right: 'M6 3.5L10.5 8 6 12.5',
  left: 'M10 3.5L5.5 8 10 12.5',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  flow: 'M2 5h10L9.5 2.5M14 11H4l2.5 2.5',
  loop: 'M3 7.5A5 5 0 0 1 12.5 6M13 2.8V6H9.8M13 8.5A5 5 0 0 1 3.5 10M3 13.2V10h3.2',
  letter: 'M2 4h12v8.5H2zM2 4.5l6 4 6-4',
  people:
    'M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM2 13c0-2.5 1.8-4 4-4s4 1.5 4 4M10.7 7.2a2 2 0 1 0-.7-3.9M11.5 9.2c1.6.3 2.5 1.7 2.5 3.8',
  files: 'M4 2.5h5L12 5.5v8H4zM9 2.5v3h3',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  bolt: 'M9 2L3.5 9H8l-1 5 5.5-7H8z',
  book: 'M3 3h4.2L8 4l.8-1H13v9.5H8.8L8 13.5l-.8-1H3zM8 4v9',
  send: 'M14 2L7 9M14 2L9.5 14 7 9 2 6.5z',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.2 10.2l3.3 3.3',
  key: 'M6 10.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8.6 8.2L14 8.2M12 8.2v2.3',
  person: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM3 13.5c0-2.8 2.2-4.3 5-4.3s5 1.5 5 4.3',
  plug: 'M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14',
  flag: 'M4 14V2.5M4 3h8l-2 3 2 3H4',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.8 14h2.4',
  report: 'M3 2.5h10v11H3zM5.5 10l2-2.5 1.5 1.5 2-3',
} as const;

export type IconName = keyof typeof paths;
