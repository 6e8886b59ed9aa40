#include <histedit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// el_set is variadic, which Swift cannot call, and stdio handles and wchar_t differ between systems:
// these wrappers have fixed arguments and pass Unicode scalars. They keep no state.

// What libedit draws goes nowhere: the prompt is drawn by whoever reads its line. The descriptor is
// still that of the terminal, which libedit asks about it.
static inline EditLine *kz_edit_init(const char *program) {
  FILE *nowhere = fopen("/dev/null", "we");
  if (nowhere == NULL) return NULL;
  return el_init_fd(program, stdin, nowhere, nowhere, 0, 1, 2);
}

static inline void kz_edit_set_editor(EditLine *edit, const char *mode) {
  el_set(edit, EL_EDITOR, mode);
}

static inline void kz_edit_set_signals(EditLine *edit, int on) { el_set(edit, EL_SIGNAL, on); }

static inline void kz_edit_set_client(EditLine *edit, void *client) {
  el_set(edit, EL_CLIENTDATA, client);
}

static inline void *kz_edit_client(EditLine *edit) {
  void *client = NULL;
  el_get(edit, EL_CLIENTDATA, &client);
  return client;
}

static inline int kz_edit_add_function(
    EditLine *edit, const char *name, unsigned char (*function)(EditLine *, int)) {
  return el_set(edit, EL_ADDFN, name, name, function);
}

static inline int kz_edit_bind(EditLine *edit, const char *keys, const char *function) {
  return el_set(edit, EL_BIND, keys, function, NULL);
}

// The same for vi's command mode.
static inline int kz_edit_bind_alternative(
    EditLine *edit, const char *keys, const char *function) {
  return el_set(edit, EL_BIND, "-a", keys, function, NULL);
}

// Sets a terminal mode, as stty spells it, for the time of editing.
static inline void kz_edit_set_mode(EditLine *edit, const char *mode) {
  el_set(edit, EL_SETTY, "-d", mode, NULL);
}

// The function that reads keys is called before libedit waits, so it also sees every state between
// two keys.
static inline void kz_edit_set_reader(EditLine *edit, int (*reader)(EditLine *, wchar_t *)) {
  el_set(edit, EL_GETCFN, reader);
}

static inline void kz_edit_set_raw(EditLine *edit, int on) { el_set(edit, EL_PREP_TERM, on); }

// Reads a line; what was read is taken from the buffer by the functions bound to the keys.
static inline void kz_edit_read(EditLine *edit) {
  int count = 0;
  (void)el_wgets(edit, &count);
}

static inline size_t kz_line_count(EditLine *edit) {
  const LineInfoW *line = el_wline(edit);
  return (size_t)(line->lastchar - line->buffer);
}

static inline size_t kz_line_cursor(EditLine *edit) {
  const LineInfoW *line = el_wline(edit);
  return (size_t)(line->cursor - line->buffer);
}

// Copies at most `capacity` scalars of the line.
static inline void kz_line_copy(EditLine *edit, uint32_t *scalars, size_t capacity) {
  const LineInfoW *line = el_wline(edit);
  size_t count = (size_t)(line->lastchar - line->buffer);
  for (size_t i = 0; i < count && i < capacity; i++) scalars[i] = (uint32_t)line->buffer[i];
}

static inline void kz_line_move(EditLine *edit, size_t cursor) {
  el_cursor(edit, (int)((long)cursor - (long)kz_line_cursor(edit)));
}

// Makes the line `scalars`, which must hold no 0. Returns 0, or -1 when there is no memory for it.
static inline int kz_line_replace(
    EditLine *edit, const uint32_t *scalars, size_t count, size_t cursor) {
  if (count == 0) {
    // el_wreplacestr refuses an empty text.
    if (kz_line_count(edit) == 0) return 0;
    if (el_wreplacestr(edit, L" ") != 0) return -1;
    kz_line_move(edit, 1);
    el_deletestr(edit, 1);
    return 0;
  }
  wchar_t *text = malloc((count + 1) * sizeof *text);
  if (text == NULL) return -1;
  for (size_t i = 0; i < count; i++) text[i] = (wchar_t)scalars[i];
  text[count] = 0;
  int result = el_wreplacestr(edit, text);
  free(text);
  if (result == 0) kz_line_move(edit, cursor);
  return result;
}
