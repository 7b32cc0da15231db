// Whether the controls are seen: they fade while a film plays and nobody moves, and the pointer with them. Knows nothing of
// films; isNeeded() says whether they have to stay.

const IDLE_MS = 3000;

export class Awake {
    constructor(stage, isNeeded) {
        Object.assign(this, { stage, isNeeded, isRecent: true, isHeld: false });
        for (const name of ['pointermove', 'pointerdown', 'keydown']) {
            // A finger on the picture is a tap, and whoever listens to those says what it does.
            stage.addEventListener(name, (event) => {
                if (event.pointerType !== 'touch' || !event.target.matches('video')) this.wake();
            });
        }
        stage.addEventListener('focusin', (event) => this.hold(event.target.matches(':focus-visible')));
        stage.addEventListener('focusout', () => this.hold(false));
        stage.addEventListener('pointerdown', () => (this.isHeld = false));
        stage.addEventListener('toggle', () => this.wake(), true); // a menu opens or closes
        document.addEventListener('fullscreenchange', () => this.wake());
        this.wake();
    }

    get isAwake() {
        return !this.stage.classList.contains('idle');
    }

    wake() {
        clearTimeout(this.timer);
        this.isRecent = true;
        this.timer = setTimeout(() => this.sleep(), IDLE_MS);
        this.render();
    }

    sleep() {
        clearTimeout(this.timer);
        this.isRecent = false;
        this.render();
    }

    // The keyboard stands on one of the controls.
    hold(isHeld) {
        this.isHeld = isHeld;
        this.wake();
    }

    render() {
        const hasMenu = this.stage.querySelector('.menu[open]') !== null;
        const isSeen = this.isRecent || this.isHeld || hasMenu || this.isNeeded();
        this.stage.classList.toggle('idle', !isSeen);
    }
}
