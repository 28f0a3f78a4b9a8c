// The inbox: what callers leave word of.

export const messages = {
  title: 'Messages',
  description: 'What callers have asked the receptionist to pass on.',
  all: 'All',
  unread: 'Unread',
  filter: 'Which messages',
  urgent: 'Urgent',
  markRead: 'Mark as read',
  readAll: 'Mark all as read',
  markUnread: 'Mark as unread',
  deleted: 'Message deleted.',
  deleteTitle: 'Delete this message?',
  deleteText: 'It cannot be brought back. The conversation stays.',
  conversation: 'Hear what was said',
  callBack: (number: string) => `Call ${number}`,
  from: (name: string) => `Message from ${name}`,
  choose: 'Choose a message to read it.',
  none: 'No messages',
  noneHint: 'When the receptionist cannot help, it takes a message, and you find it here.',
  allRead: 'All read',
  allReadHint: 'There is nothing you have not seen.',
};
