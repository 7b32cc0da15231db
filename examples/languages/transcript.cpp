/*
 * The evening of transcript.c from C++17, with the same headers: the hub as a class that frees itself, callbacks as a
 * class to derive from, errors as exceptions.
 *
 *     c++ -std=c++17 transcript.cpp $(pkg-config --cflags --libs libsyncplay) -o transcript && ./transcript
 */
#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <syncplay/syncplay.h>

using namespace std::string_literals;

constexpr int64_t second = 1'000'000;
constexpr uint64_t ana_is = 1, ben_is = 2;

class Error : public std::runtime_error {
public:
    Error(int error, const std::string &why)
        : std::runtime_error(syncplay_strerror(error) + (why.empty() ? ""s : ": " + why)) {}
};

/* What the hub calls. C knows no exceptions, so none may leave these: that is why they are noexcept. */
class Listener {
public:
    virtual ~Listener() = default;
    virtual void deliver(const uint64_t *begin, const uint64_t *end, std::string_view message) noexcept = 0;
    virtual bool entropy(uint8_t *begin, uint8_t *end) noexcept = 0;
};

/* Belongs to one thread at a time, and lives no longer than its listener. */
class Hub {
public:
    Hub(int64_t now, int64_t unix_time, Listener &listener) : now_(now)
    {
        syncplay_hub_callbacks callbacks;
        syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
        callbacks.deliver = [](void *user, const uint64_t *to, size_t count, const char *bytes, size_t length) {
            static_cast<Listener *>(user)->deliver(to, to + count, {bytes, length});
        };
        callbacks.entropy = [](void *user, void *bytes, size_t length) {
            auto *begin = static_cast<uint8_t *>(bytes);
            return static_cast<Listener *>(user)->entropy(begin, begin + length);
        };
        syncplay_hub_config config;
        syncplay_hub_config_default(&config, sizeof config);
        config.unix_time = unix_time;
        syncplay_hub *hub = nullptr;
        must(syncplay_hub_new(&hub, now_, &config, &callbacks, &listener));
        hub_.reset(hub);
    }

    syncplay_id create(const syncplay_user &host, const syncplay_content &content, const syncplay_settings &settings)
    {
        syncplay_id session;
        must(syncplay_hub_create(hub_.get(), now_, &host, &content, &settings, &session));
        return session;
    }

    std::string code(const syncplay_id &session) const
    {
        syncplay_session_info info = {};
        info.struct_size = sizeof info;
        must(syncplay_hub_session(hub_.get(), now_, &session, &info));
        return info.code;
    }

    void connect(uint64_t connection, const syncplay_user &user)
    {
        must(syncplay_hub_connect(hub_.get(), now_, connection, &user));
    }

    void receive(uint64_t connection, std::string_view message)
    {
        must(syncplay_hub_receive(hub_.get(), now_, connection, message.data(), message.size()));
    }

    /* This time passes. A real host has a clock instead, and sleeps until the deadline. */
    void wait(int64_t duration)
    {
        const int64_t until = now_ + duration;
        for (int64_t deadline; (deadline = syncplay_hub_deadline(hub_.get())) <= until;) {
            now_ = std::max(now_, deadline);
            must(syncplay_hub_tick(hub_.get(), now_));
        }
        now_ = until;
    }

    /* Asks for the length first, so there is no largest session here. */
    std::string save(const syncplay_id &session) const
    {
        size_t length = 0;
        syncplay_hub_save(hub_.get(), now_, &session, 0, nullptr, 0, &length);
        std::string saved(length, '\0'); /* a std::string has room for the zero byte behind it */
        must(syncplay_hub_save(hub_.get(), now_, &session, 0, saved.data(), length + 1, &length));
        return saved;
    }

private:
    struct Free {
        void operator()(syncplay_hub *hub) const { syncplay_hub_free(hub); }
    };

    void must(int error) const
    {
        if (error != SYNCPLAY_OK)
            throw Error(error, hub_ ? syncplay_hub_why(hub_.get()) : "");
    }

    std::unique_ptr<syncplay_hub, Free> hub_;
    int64_t now_;
};

class Transcript : public Listener {
public:
    void deliver(const uint64_t *begin, const uint64_t *end, std::string_view message) noexcept override
    {
        std::for_each(begin, end, [&](uint64_t to) { std::cout << "to " << to << ": " << message << '\n'; });
    }

    /* For a transcript only: a real host leaves this callback out. */
    bool entropy(uint8_t *begin, uint8_t *end) noexcept override
    {
        std::generate(begin, end, [this] { return next_byte_++; });
        return true;
    }

private:
    uint8_t next_byte_ = 0;
};

static syncplay_id number(uint8_t value)
{
    syncplay_id id = {};
    id.bytes[15] = value;
    return id;
}

static void evening()
{
    Transcript transcript;
    Hub hub(10 * second, 1'795'000'000 * second, transcript);
    const syncplay_user ana = {sizeof ana, number(1), "Ana"};
    const syncplay_user ben = {sizeof ben, number(2), "Ben"};
    const syncplay_content film = {sizeof film, "movie", number(7), "Big Buck Bunny", nullptr};
    syncplay_settings settings;
    syncplay_settings_default(&settings, sizeof settings);
    settings.visibility = SYNCPLAY_PUBLIC;
    const syncplay_id session = hub.create(ana, film, settings);
    const std::string join = R"({"type":"join","session_code":")" + hub.code(session) + R"("})";

    const struct {
        int seconds; /* pass before it is said */
        uint64_t connection;
        std::string message;
    } story[] = {
        {0, ana_is, join},
        {1, ben_is, join},
        {1, ana_is, R"({"type":"ready","buffered_ms":5000})"},
        {0, ben_is, R"({"type":"ready","buffered_ms":5000})"},
        {1, ana_is, R"({"type":"play"})"},
        {60, ben_is, R"({"type":"seek","position_ms":600000})"},
        {15, ben_is, R"({"type":"chat","message":"Schön! ❤"})"},
        {1, ben_is, R"({"type":"leave"})"},
    };
    hub.connect(ana_is, ana);
    hub.connect(ben_is, ben);
    for (const auto &line : story) {
        hub.wait(line.seconds * second);
        hub.receive(line.connection, line.message);
    }
    const std::string saved = hub.save(session);
    std::cout << "saved, " << saved.size() << " bytes: " << saved << '\n';
}

int main()
{
    try {
        evening();
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
