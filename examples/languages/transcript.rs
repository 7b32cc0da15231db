//! The evening of transcript.c from Rust: rustc alone (1.63 or later), no crates. The declarations are written by
//! hand; a project of some size would have bindgen write them from the headers.
//!
//!     rustc -O transcript.rs $(pkg-config --libs-only-L libsyncplay) && ./transcript
//!
//! A struct is declared here only up to the last field that is needed: its struct_size tells the library how much of
//! it there is, and the rest stays as it is by default. There must be no padding behind that last field: the library
//! would take it for the next one. That is why Settings has `control`.

use std::ffi::{CStr, CString};
use std::mem::size_of;
use std::os::raw::{c_char, c_int, c_void};
use std::ptr;
use std::slice;

const SECOND: i64 = 1_000_000;
const ANA: u64 = 1;
const BEN: u64 = 2;
const BUFFER: c_int = -4; // SYNCPLAY_ERROR_BUFFER

// --- What the headers say -------------------------------------------------------------------------------------------

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Id([u8; 16]);

#[repr(C)]
struct RawHub {
    _opaque: [u8; 0],
}

#[repr(C)]
struct Config {
    struct_size: usize,
    unix_time: i64,
}

#[repr(C)]
struct Callbacks {
    struct_size: usize,
    deliver: Option<extern "C" fn(*mut c_void, *const u64, usize, *const c_char, usize)>,
    event: *const c_void,
    are_friends: *const c_void,
    entropy: Option<extern "C" fn(*mut c_void, *mut c_void, usize) -> bool>,
}

#[repr(C)]
struct RawUser {
    struct_size: usize,
    id: Id,
    name: *const c_char,
}

#[repr(C)]
struct Content {
    struct_size: usize,
    kind: *const c_char,
    id: Id,
    title: *const c_char,
}

#[repr(C)]
struct Settings {
    struct_size: usize,
    visibility: c_int, // 0 is SYNCPLAY_PUBLIC
    control: c_int,    // 0 is SYNCPLAY_CONTROL_EVERYONE
}

#[repr(C)]
struct SessionInfo {
    struct_size: usize,
    id: Id,
    code: [c_char; 9],
}

#[link(name = "syncplay")]
extern "C" {
    fn syncplay_strerror(error: c_int) -> *const c_char;
    fn syncplay_hub_new(
        hub: *mut *mut RawHub, now: i64, config: *const Config, callbacks: *const Callbacks, user_data: *mut c_void,
    ) -> c_int;
    fn syncplay_hub_free(hub: *mut RawHub);
    fn syncplay_hub_create(
        hub: *mut RawHub, now: i64, host: *const RawUser, content: *const Content, settings: *const Settings,
        session: *mut Id,
    ) -> c_int;
    fn syncplay_hub_session(hub: *const RawHub, now: i64, session: *const Id, info: *mut SessionInfo) -> c_int;
    fn syncplay_hub_connect(hub: *mut RawHub, now: i64, connection: u64, user: *const RawUser) -> c_int;
    fn syncplay_hub_receive(
        hub: *mut RawHub, now: i64, connection: u64, bytes: *const c_char, length: usize,
    ) -> c_int;
    fn syncplay_hub_deadline(hub: *const RawHub) -> i64;
    fn syncplay_hub_tick(hub: *mut RawHub, now: i64) -> c_int;
    fn syncplay_hub_save(
        hub: *const RawHub, now: i64, session: *const Id, flags: u32, buffer: *mut c_char, capacity: usize,
        length: *mut usize,
    ) -> c_int;
}

// --- The hub, safely ------------------------------------------------------------------------------------------------

/// What the hub calls. These must not panic: in a real host, they only queue.
trait Listener {
    fn deliver(&mut self, connections: &[u64], message: &[u8]);
    fn entropy(&mut self, bytes: &mut [u8]) -> bool;
}

/// Neither Send nor Sync, because of its pointers: one hub, one thread at a time.
struct Hub<L: Listener> {
    hub: *mut RawHub,
    now: i64,
    listener: *mut L, // of a Box: the hub knows it by its address, and it is touched through this alone
}

extern "C" fn deliver<L: Listener>(
    user: *mut c_void, to: *const u64, count: usize, bytes: *const c_char, length: usize,
) {
    let to = unsafe { slice::from_raw_parts(to, count) };
    let message = unsafe { slice::from_raw_parts(bytes.cast(), length) };
    unsafe { (*user.cast::<L>()).deliver(to, message) }
}

extern "C" fn entropy<L: Listener>(user: *mut c_void, bytes: *mut c_void, length: usize) -> bool {
    unsafe { (*user.cast::<L>()).entropy(slice::from_raw_parts_mut(bytes.cast(), length)) }
}

fn result(error: c_int) -> Result<(), String> {
    match error {
        0 => Ok(()),
        _ => Err(unsafe { CStr::from_ptr(syncplay_strerror(error)) }.to_string_lossy().into_owned()),
    }
}

/// A user's id and name; the name is kept here, because the library is only lent it.
struct User {
    id: Id,
    name: CString,
}

impl User {
    fn new(number: u8, name: &str) -> User {
        User { id: id(number), name: CString::new(name).expect("a name without a zero byte") }
    }
    fn raw(&self) -> RawUser {
        RawUser { struct_size: size_of::<RawUser>(), id: self.id, name: self.name.as_ptr() }
    }
}

impl<L: Listener> Hub<L> {
    fn new(now: i64, unix_time: i64, listener: L) -> Result<Self, String> {
        let mut hub = Hub { hub: ptr::null_mut(), now, listener: Box::into_raw(Box::new(listener)) };
        let config = Config { struct_size: size_of::<Config>(), unix_time };
        let callbacks = Callbacks {
            struct_size: size_of::<Callbacks>(),
            deliver: Some(deliver::<L>),
            event: ptr::null(),
            are_friends: ptr::null(),
            entropy: Some(entropy::<L>),
        };
        result(unsafe { syncplay_hub_new(&mut hub.hub, now, &config, &callbacks, hub.listener.cast()) })?;
        Ok(hub)
    }

    fn create(&mut self, host: &User, kind: &CStr, film: Id, title: &CStr) -> Result<Id, String> {
        let (kind, title) = (kind.as_ptr(), title.as_ptr());
        let content = Content { struct_size: size_of::<Content>(), kind, id: film, title };
        let settings = Settings { struct_size: size_of::<Settings>(), visibility: 0, control: 0 };
        let mut session = Id::default();
        result(unsafe { syncplay_hub_create(self.hub, self.now, &host.raw(), &content, &settings, &mut session) })?;
        Ok(session)
    }

    fn code(&self, session: &Id) -> Result<String, String> {
        let mut info = SessionInfo { struct_size: size_of::<SessionInfo>(), id: Id::default(), code: [0; 9] };
        result(unsafe { syncplay_hub_session(self.hub, self.now, session, &mut info) })?;
        Ok(unsafe { CStr::from_ptr(info.code.as_ptr()) }.to_string_lossy().into_owned())
    }

    fn connect(&mut self, connection: u64, user: &User) -> Result<(), String> {
        result(unsafe { syncplay_hub_connect(self.hub, self.now, connection, &user.raw()) })
    }

    fn receive(&mut self, connection: u64, message: &str) -> Result<(), String> {
        result(unsafe { syncplay_hub_receive(self.hub, self.now, connection, message.as_ptr().cast(), message.len()) })
    }

    fn wait(&mut self, duration: i64) -> Result<(), String> {
        let until = self.now + duration;
        loop {
            let deadline = unsafe { syncplay_hub_deadline(self.hub) };
            if deadline > until {
                break;
            }
            self.now = self.now.max(deadline);
            result(unsafe { syncplay_hub_tick(self.hub, self.now) })?;
        }
        self.now = until;
        Ok(())
    }

    /// Asks for the length first, so there is no largest session here.
    fn save(&self, session: &Id) -> Result<String, String> {
        let mut length = 0;
        let error = unsafe { syncplay_hub_save(self.hub, self.now, session, 0, ptr::null_mut(), 0, &mut length) };
        if error != BUFFER {
            result(error)?;
        }
        let capacity = length + 1; // and a zero byte
        let mut saved = vec![0u8; capacity];
        let buffer = saved.as_mut_ptr().cast();
        result(unsafe { syncplay_hub_save(self.hub, self.now, session, 0, buffer, capacity, &mut length) })?;
        saved.truncate(length);
        String::from_utf8(saved).map_err(|error| error.to_string())
    }
}

impl<L: Listener> Drop for Hub<L> {
    fn drop(&mut self) {
        unsafe {
            syncplay_hub_free(self.hub); // may be none
            drop(Box::from_raw(self.listener));
        }
    }
}

// --- The evening ----------------------------------------------------------------------------------------------------

struct Transcript {
    next_byte: u8,
}

impl Listener for Transcript {
    fn deliver(&mut self, connections: &[u64], message: &[u8]) {
        for connection in connections {
            println!("to {}: {}", connection, String::from_utf8_lossy(message));
        }
    }

    /// For a transcript only: a real host leaves this callback out.
    fn entropy(&mut self, bytes: &mut [u8]) -> bool {
        for byte in bytes {
            *byte = self.next_byte;
            self.next_byte = self.next_byte.wrapping_add(1);
        }
        true
    }
}

fn id(number: u8) -> Id {
    let mut id = Id::default();
    id.0[15] = number;
    id
}

fn main() -> Result<(), String> {
    let mut hub = Hub::new(10 * SECOND, 1_795_000_000 * SECOND, Transcript { next_byte: 0 })?;
    let (ana, ben) = (User::new(1, "Ana"), User::new(2, "Ben"));
    let (kind, title) = (CString::new("movie").unwrap(), CString::new("Big Buck Bunny").unwrap());
    let session = hub.create(&ana, &kind, id(7), &title)?;
    let join = format!(r#"{{"type":"join","session_code":"{}"}}"#, hub.code(&session)?);
    // The seconds that pass before it is said, the connection, the message.
    let story = [
        (0, ANA, join.as_str()),
        (1, BEN, join.as_str()),
        (1, ANA, r#"{"type":"ready","buffered_ms":5000}"#),
        (0, BEN, r#"{"type":"ready","buffered_ms":5000}"#),
        (1, ANA, r#"{"type":"play"}"#),
        (60, BEN, r#"{"type":"seek","position_ms":600000}"#),
        (15, BEN, r#"{"type":"chat","message":"Schön! ❤"}"#),
        (1, BEN, r#"{"type":"leave"}"#),
    ];
    hub.connect(ANA, &ana)?;
    hub.connect(BEN, &ben)?;
    for (seconds, connection, message) in story {
        hub.wait(seconds * SECOND)?;
        hub.receive(connection, message)?;
    }
    let saved = hub.save(&session)?;
    println!("saved, {} bytes: {}", saved.len(), saved);
    Ok(())
}
