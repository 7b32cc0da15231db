// The evening of transcript.c from Go, through cgo.
//
//	go build transcript.go && ./transcript
package main

/*
#cgo pkg-config: libsyncplay
#include <stdlib.h>
#include <syncplay/syncplay.h>

// Go cannot say const, so these say it; and what Go exports is declared here, to be put into the callbacks.
typedef const uint64_t const_uint64;
typedef const char const_char;
extern void goDeliver(void *user, const_uint64 *to, size_t count, const_char *bytes, size_t length);
extern _Bool goEntropy(void *user, void *bytes, size_t length);

// A cgo.Handle is a number that goes where C keeps a pointer. C makes it one, because Go's own tools would take such a
// conversion for a mistake.
static inline int new_hub(syncplay_hub **hub, int64_t now, int64_t unix_time, uintptr_t handle)
{
    syncplay_hub_config config;
    syncplay_hub_config_default(&config, sizeof config);
    config.unix_time = unix_time;
    syncplay_hub_callbacks callbacks;
    syncplay_hub_callbacks_default(&callbacks, sizeof callbacks);
    callbacks.deliver = goDeliver;
    callbacks.entropy = goEntropy;
    return syncplay_hub_new(hub, now, &config, &callbacks, (void *)handle);
}
*/
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"runtime/cgo"
	"strings"
	"unsafe"
)

const (
	second = 1_000_000
	ana    = 1
	ben    = 2
)

// Listener is what the hub calls. A panic must not leave it.
type Listener interface {
	Deliver(connections []uint64, message []byte)
	Entropy(bytes []byte) bool
}

//export goDeliver
func goDeliver(user unsafe.Pointer, to *C.const_uint64, count C.size_t, bytes *C.const_char, length C.size_t) {
	listener := cgo.Handle(uintptr(user)).Value().(Listener)
	connections := unsafe.Slice((*uint64)(unsafe.Pointer(to)), int(count))
	// The bytes are C's, and live until we return: who keeps them, copies them.
	listener.Deliver(connections, unsafe.Slice((*byte)(unsafe.Pointer(bytes)), int(length)))
}

//export goEntropy
func goEntropy(user unsafe.Pointer, bytes unsafe.Pointer, length C.size_t) C._Bool {
	listener := cgo.Handle(uintptr(user)).Value().(Listener)
	return C._Bool(listener.Entropy(unsafe.Slice((*byte)(bytes), int(length))))
}

// Hub is used by one goroutine at a time.
type Hub struct {
	hub    *C.syncplay_hub
	handle cgo.Handle
	now    C.int64_t
}

// User is somebody whom the host application knows.
type User struct {
	ID   C.syncplay_id
	Name string
}

func failure(code C.int) error {
	if code == C.SYNCPLAY_OK {
		return nil
	}
	return fmt.Errorf("%s", C.GoString(C.syncplay_strerror(code)))
}

// NewHub makes a hub, which is to be closed.
func NewHub(now, unixTime int64, listener Listener) (*Hub, error) {
	hub := &Hub{handle: cgo.NewHandle(listener), now: C.int64_t(now)}
	err := failure(C.new_hub(&hub.hub, hub.now, C.int64_t(unixTime), C.uintptr_t(hub.handle)))
	if err != nil {
		hub.handle.Delete()
		return nil, err
	}
	return hub, nil
}

func (hub *Hub) Close() {
	C.syncplay_hub_free(hub.hub)
	hub.handle.Delete()
}

// What C is given must not point into Go's memory at more of Go's memory, so names are lent as C strings.
func (user User) lend(use func(*C.syncplay_user) C.int) error {
	name := C.CString(user.Name)
	defer C.free(unsafe.Pointer(name))
	var lent C.syncplay_user
	C.syncplay_user_default(&lent, C.sizeof_syncplay_user)
	lent.id = user.ID
	lent.name = name
	return failure(use(&lent))
}

func (hub *Hub) Create(host User, kind string, film C.syncplay_id, title string) (session C.syncplay_id, err error) {
	var content C.syncplay_content
	C.syncplay_content_default(&content, C.sizeof_syncplay_content)
	content._type = C.CString(kind)
	defer C.free(unsafe.Pointer(content._type))
	content.id = film
	content.title = C.CString(title)
	defer C.free(unsafe.Pointer(content.title))
	var settings C.syncplay_settings
	C.syncplay_settings_default(&settings, C.sizeof_syncplay_settings)
	settings.visibility = C.SYNCPLAY_PUBLIC
	err = host.lend(func(lent *C.syncplay_user) C.int {
		return C.syncplay_hub_create(hub.hub, hub.now, lent, &content, &settings, &session)
	})
	return session, err
}

func (hub *Hub) Code(session C.syncplay_id) (string, error) {
	info := C.syncplay_session_info{struct_size: C.sizeof_syncplay_session_info}
	err := failure(C.syncplay_hub_session(hub.hub, hub.now, &session, &info))
	return C.GoString(&info.code[0]), err
}

func (hub *Hub) Connect(connection uint64, user User) error {
	return user.lend(func(lent *C.syncplay_user) C.int {
		return C.syncplay_hub_connect(hub.hub, hub.now, C.uint64_t(connection), lent)
	})
}

func (hub *Hub) Receive(connection uint64, message string) error {
	bytes := C.CString(message)
	defer C.free(unsafe.Pointer(bytes))
	return failure(C.syncplay_hub_receive(hub.hub, hub.now, C.uint64_t(connection), bytes, C.size_t(len(message))))
}

// Wait lets time pass. A real host selects on its connections and a time.Timer that is set to the deadline.
func (hub *Hub) Wait(duration int64) error {
	until := hub.now + C.int64_t(duration)
	for deadline := C.syncplay_hub_deadline(hub.hub); deadline <= until; deadline = C.syncplay_hub_deadline(hub.hub) {
		if deadline > hub.now {
			hub.now = deadline
		}
		if err := failure(C.syncplay_hub_tick(hub.hub, hub.now)); err != nil {
			return err
		}
	}
	hub.now = until
	return nil
}

// Save asks for the length first, so there is no largest session here.
func (hub *Hub) Save(session C.syncplay_id) (string, error) {
	var length C.size_t
	code := C.syncplay_hub_save(hub.hub, hub.now, &session, 0, nil, 0, &length)
	if code != C.SYNCPLAY_ERROR_BUFFER {
		return "", failure(code)
	}
	buffer := (*C.char)(C.malloc(length + 1))
	defer C.free(unsafe.Pointer(buffer))
	err := failure(C.syncplay_hub_save(hub.hub, hub.now, &session, 0, buffer, length+1, &length))
	return C.GoStringN(buffer, C.int(length)), err
}

// --- The evening

type transcript struct {
	out      *bufio.Writer
	nextByte byte
}

func (t *transcript) Deliver(connections []uint64, message []byte) {
	for _, connection := range connections {
		fmt.Fprintf(t.out, "to %d: %s\n", connection, message)
	}
}

// Entropy is for a transcript only: a real host leaves this callback out.
func (t *transcript) Entropy(bytes []byte) bool {
	for i := range bytes {
		bytes[i] = t.nextByte
		t.nextByte++
	}
	return true
}

func number(value byte) (id C.syncplay_id) {
	id.bytes[15] = C.uint8_t(value)
	return id
}

func evening(out *bufio.Writer) error {
	hub, err := NewHub(10*second, 1_795_000_000*second, &transcript{out: out})
	if err != nil {
		return err
	}
	defer hub.Close()
	users := map[uint64]User{ana: {number(1), "Ana"}, ben: {number(2), "Ben"}}
	session, err := hub.Create(users[ana], "movie", number(7), "Big Buck Bunny")
	if err != nil {
		return err
	}
	code, err := hub.Code(session)
	if err != nil {
		return err
	}
	for _, connection := range []uint64{ana, ben} {
		if err := hub.Connect(connection, users[connection]); err != nil {
			return err
		}
	}
	for _, line := range []struct {
		seconds    int64 // pass before it is said
		connection uint64
		message    string
	}{
		{0, ana, `{"type":"join","session_code":"CODE"}`},
		{1, ben, `{"type":"join","session_code":"CODE"}`},
		{1, ana, `{"type":"ready","buffered_ms":5000}`},
		{0, ben, `{"type":"ready","buffered_ms":5000}`},
		{1, ana, `{"type":"play"}`},
		{60, ben, `{"type":"seek","position_ms":600000}`},
		{15, ben, `{"type":"chat","message":"Schön! ❤"}`},
		{1, ben, `{"type":"leave"}`},
	} {
		if err := hub.Wait(line.seconds * second); err != nil {
			return err
		}
		if err := hub.Receive(line.connection, strings.Replace(line.message, "CODE", code, 1)); err != nil {
			return err
		}
	}
	saved, err := hub.Save(session)
	fmt.Fprintf(out, "saved, %d bytes: %s\n", len(saved), saved)
	return err
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	err := evening(out)
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
