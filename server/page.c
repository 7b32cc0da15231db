/*
 * The page's files. The assembler takes them in as they are, from the folder server/page/ below the one that the build
 * runs in, or from where the build has made or fetched them: the list here is all there is to add a file to.
 */
#include "page.h"

#include <string.h>

#define HTML "text/html; charset=utf-8"
#define STYLE "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define WASM "application/wasm"

/* X(symbol, file, content type); those of PAGE_BUILT are made or fetched by the build */
#define PAGE_BUILT(X)                                                                                                  \
    X(follower_wasm, "follower.wasm", WASM)                                                                            \
    X(hls_js, "hls.js", SCRIPT)                                                                                        \
    X(qrcode_js, "qrcode.js", SCRIPT)
#define PAGE_FILES(X)                                                                                                  \
    X(index_html, "index.html", HTML)                                                                                  \
    X(chat_css, "chat.css", STYLE)                                                                                     \
    X(party_css, "party.css", STYLE)                                                                                   \
    X(player_css, "player.css", STYLE)                                                                                 \
    X(start_css, "start.css", STYLE)                                                                                   \
    X(theme_css, "theme.css", STYLE)                                                                                   \
    X(alarm_js, "alarm.js", SCRIPT)                                                                                    \
    X(api_js, "api.js", SCRIPT)                                                                                        \
    X(avatar_js, "avatar.js", SCRIPT)                                                                                  \
    X(awake_js, "awake.js", SCRIPT)                                                                                    \
    X(dom_js, "dom.js", SCRIPT)                                                                                        \
    X(follower_js, "follower.js", SCRIPT)                                                                              \
    X(fragment_js, "fragment.js", SCRIPT)                                                                              \
    X(friends_js, "friends.js", SCRIPT)                                                                                \
    X(identity_js, "identity.js", SCRIPT)                                                                              \
    X(language_js, "language.js", SCRIPT)                                                                              \
    X(learned_js, "learned.js", SCRIPT)                                                                                \
    X(links_js, "links.js", SCRIPT)                                                                                    \
    X(lost_js, "lost.js", SCRIPT)                                                                                      \
    X(main_js, "main.js", SCRIPT)                                                                                      \
    X(media_session_js, "media_session.js", SCRIPT)                                                                    \
    X(menu_js, "menu.js", SCRIPT)                                                                                      \
    X(messages_de_js, "messages_de.js", SCRIPT)                                                                        \
    X(messages_en_js, "messages_en.js", SCRIPT)                                                                        \
    X(party_js, "party.js", SCRIPT)                                                                                    \
    X(player_js, "player.js", SCRIPT)                                                                                  \
    X(poster_js, "poster.js", SCRIPT)                                                                                  \
    X(qr_js, "qr.js", SCRIPT)                                                                                          \
    X(remote_js, "remote.js", SCRIPT)                                                                                  \
    X(rights_js, "rights.js", SCRIPT)                                                                                  \
    X(seat_js, "seat.js", SCRIPT)                                                                                      \
    X(sleep_js, "sleep.js", SCRIPT)                                                                                    \
    X(socket_js, "socket.js", SCRIPT)                                                                                  \
    X(stream_js, "stream.js", SCRIPT)                                                                                  \
    X(subtitle_tracks_js, "subtitle_tracks.js", SCRIPT)                                                                \
    X(subtitles_js, "subtitles.js", SCRIPT)                                                                            \
    X(symbol_js, "symbol.js", SCRIPT)                                                                                  \
    X(theme_js, "theme.js", SCRIPT)                                                                                    \
    X(ticker_js, "ticker.js", SCRIPT)                                                                                  \
    X(title_js, "title.js", SCRIPT)                                                                                    \
    X(view_chat_js, "view_chat.js", SCRIPT)                                                                            \
    X(view_composer_js, "view_composer.js", SCRIPT)                                                                    \
    X(view_connection_js, "view_connection.js", SCRIPT)                                                                \
    X(view_controls_js, "view_controls.js", SCRIPT)                                                                    \
    X(view_door_js, "view_door.js", SCRIPT)                                                                            \
    X(view_film_js, "view_film.js", SCRIPT)                                                                            \
    X(view_friends_js, "view_friends.js", SCRIPT)                                                                      \
    X(view_home_js, "view_home.js", SCRIPT)                                                                            \
    X(view_invitations_js, "view_invitations.js", SCRIPT)                                                              \
    X(view_keys_js, "view_keys.js", SCRIPT)                                                                            \
    X(view_leave_js, "view_leave.js", SCRIPT)                                                                          \
    X(view_lobby_js, "view_lobby.js", SCRIPT)                                                                          \
    X(view_overlay_js, "view_overlay.js", SCRIPT)                                                                      \
    X(view_palette_js, "view_palette.js", SCRIPT)                                                                      \
    X(view_people_js, "view_people.js", SCRIPT)                                                                        \
    X(view_player_js, "view_player.js", SCRIPT)                                                                        \
    X(view_preferences_js, "view_preferences.js", SCRIPT)                                                              \
    X(view_react_js, "view_react.js", SCRIPT)                                                                          \
    X(view_reactions_js, "view_reactions.js", SCRIPT)                                                                  \
    X(view_removed_js, "view_removed.js", SCRIPT)                                                                      \
    X(view_seek_js, "view_seek.js", SCRIPT)                                                                            \
    X(view_settings_js, "view_settings.js", SCRIPT)                                                                    \
    X(view_share_js, "view_share.js", SCRIPT)                                                                          \
    X(view_shelf_js, "view_shelf.js", SCRIPT)                                                                          \
    X(view_side_js, "view_side.js", SCRIPT)                                                                            \
    X(view_size_js, "view_size.js", SCRIPT)                                                                            \
    X(view_subtitles_js, "view_subtitles.js", SCRIPT)                                                                  \
    X(view_toast_js, "view_toast.js", SCRIPT)                                                                          \
    X(view_volume_js, "view_volume.js", SCRIPT)                                                                        \
    X(visit_js, "visit.js", SCRIPT)                                                                                    \
    X(words_js, "words.js", SCRIPT)

#define EMBED_FROM(folder, symbol, file)                                                                               \
    __asm__(".pushsection .rodata\n"                                                                                   \
            "page_" #symbol ": .incbin \"" folder file "\"\n"                                                          \
            "page_end_" #symbol ": .byte 0\n"                                                                          \
            "packed_" #symbol ": .incbin \"" file ".gz\"\n"                                                            \
            "packed_end_" #symbol ": .byte 0\n"                                                                        \
            ".popsection\n");                                                                                          \
    extern const unsigned char page_##symbol[], page_end_##symbol[], packed_##symbol[], packed_end_##symbol[];
#define EMBED(symbol, file, type) EMBED_FROM("server/page/", symbol, file)
#define EMBED_BUILT(symbol, file, type) EMBED_FROM("", symbol, file)
PAGE_FILES(EMBED)
PAGE_BUILT(EMBED_BUILT)

#define ROW(symbol, file, type) {file, type, page_##symbol, page_end_##symbol, packed_##symbol, packed_end_##symbol},
static const struct page_file files[] = {PAGE_FILES(ROW) PAGE_BUILT(ROW)};

static const struct page_file *find_file(const char *name)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

const struct page_file *page_find(const char *path)
{
    static const char join[] = "/join/";
    if (strcmp(path, "/") == 0)
        return find_file("index.html");
    if (strncmp(path, join, strlen(join)) != 0)
        return path[0] == '/' ? find_file(path + 1) : NULL;
    const struct page_file *file = find_file(strrchr(path, '/') + 1);
    return file != NULL ? file : find_file("index.html");
}
