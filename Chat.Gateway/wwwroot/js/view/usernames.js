// Usernames as people write them in one field: none of them holds a blank, a comma or a semicolon.
export function usernamesIn(text) {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
