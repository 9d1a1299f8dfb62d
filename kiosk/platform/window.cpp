#include "kiosk/platform/window.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

// OpenGL before GLFW, which would bring the old header of its own.
#include <GL/gl.h>
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include "kiosk/platform/plain_shapes.h"

namespace hailong::kiosk {
namespace {

WindowError display_error(const std::string& detail) {
    const char* x = std::getenv("DISPLAY");
    if (x == nullptr || *x == '\0') {
        return {"there is no display: DISPLAY is not set",
                "start the terminal from a graphical session, or under a virtual display: xvfb-run hailong-kiosk ..."};
    }
    return {"the display " + std::string(x) + " can't be used: " + detail,
            "check that an X server runs there and that this user may connect to it (xauth, xhost)"};
}

/// GLFW reports its last error once.
std::string glfw_error() {
    const char* text = nullptr;
    const int error = glfwGetError(&text);
    return error == GLFW_NO_ERROR || text == nullptr ? "no reason given" : text;
}

ImTextureID texture_id(GLuint texture) {
    return reinterpret_cast<ImTextureID>(static_cast<std::intptr_t>(texture));  // NOLINT(performance-no-int-to-ptr)
}

/// What a key of the keypad means; empty for all others.
std::optional<NavKey> nav_key(int key, bool shift) {
    switch (key) {
        case GLFW_KEY_RIGHT:
        case GLFW_KEY_DOWN:
        case GLFW_KEY_KP_6:
        case GLFW_KEY_KP_2:
            return NavKey::next;
        case GLFW_KEY_TAB:
            return shift ? NavKey::previous : NavKey::next;
        case GLFW_KEY_LEFT:
        case GLFW_KEY_UP:
        case GLFW_KEY_KP_4:
        case GLFW_KEY_KP_8:
            return NavKey::previous;
        case GLFW_KEY_ENTER:
        case GLFW_KEY_KP_ENTER:
        case GLFW_KEY_KP_5:
            return NavKey::press;
        case GLFW_KEY_ESCAPE:
        case GLFW_KEY_BACKSPACE:
        case GLFW_KEY_KP_DECIMAL:
            return NavKey::back;
        case GLFW_KEY_F1:
        case GLFW_KEY_KP_0:
            return NavKey::speak;
        case GLFW_KEY_F2:
        case GLFW_KEY_KP_SUBTRACT:
            return NavKey::silence;
        case GLFW_KEY_F3:
        case GLFW_KEY_KP_ADD:
            return NavKey::accessibility;
        default:
            return std::nullopt;
    }
}

GLuint make_white_texture() {
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    constexpr unsigned char kWhite[] = {255, 255, 255, 255};
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, kWhite);
    return texture;
}
void mixing_off(const ImDrawList* /*list*/, const ImDrawCmd* /*command*/) {
    glDisable(GL_BLEND);
}
void mixing_on(const ImDrawList* /*list*/, const ImDrawCmd* /*command*/) {
    glEnable(GL_BLEND);
}

/// The library's lifetime. There is one window, so there is one of these.
struct GlfwLibrary {
    bool ready = glfwInit() == GLFW_TRUE;
    GlfwLibrary() = default;
    GlfwLibrary(const GlfwLibrary&) = delete;
    GlfwLibrary& operator=(const GlfwLibrary&) = delete;
    ~GlfwLibrary() {
        if (ready) glfwTerminate();
    }
};

}  // namespace

struct Window::State {
    explicit State(const survey::Clock& the_clock) : clock(the_clock) {}

    const survey::Clock& clock;
    GlfwLibrary library;
    GLFWwindow* window = nullptr;
    ImGuiContext* context = nullptr;
    bool glfw_backend = false;
    bool opengl_backend = false;
    TouchQueue touches;
    double pointer_x = 0;  // as of the last event, not as of now
    double pointer_y = 0;
    bool redraw = true;
    bool locked = false;
    KeyReader keys;
    std::vector<TouchEdge> edges;
    GLuint font_texture = 0;
    GLuint white_texture = 0;  // one pixel, for plain_shapes.h
    std::vector<GLuint> pictures;

    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (font_texture != 0) glDeleteTextures(1, &font_texture);
        if (white_texture != 0) glDeleteTextures(1, &white_texture);
        if (!pictures.empty()) glDeleteTextures(static_cast<GLsizei>(pictures.size()), pictures.data());
        if (opengl_backend) ImGui_ImplOpenGL3_Shutdown();
        if (glfw_backend) ImGui_ImplGlfw_Shutdown();
        if (context != nullptr) ImGui::DestroyContext(context);
        if (window != nullptr) glfwDestroyWindow(window);
    }

    static State& of(GLFWwindow* window) { return *static_cast<State*>(glfwGetWindowUserPointer(window)); }

    static void on_move(GLFWwindow* window, double x, double y) {
        State& state = of(window);
        state.pointer_x = x;
        state.pointer_y = y;
        state.touches.move(static_cast<float>(x), static_cast<float>(y));
    }
    static void on_button(GLFWwindow* window, int button, int action, int /*modifiers*/) {
        if (button != GLFW_MOUSE_BUTTON_LEFT) return;
        State& state = of(window);
        const auto x = static_cast<float>(state.pointer_x);
        const auto y = static_cast<float>(state.pointer_y);
        if (action == GLFW_PRESS) state.touches.press(x, y);
        if (action == GLFW_RELEASE) state.touches.release(x, y);
        if (state.edges.size() < kTouchEdgesKept) {
            state.edges.push_back({x, y, action == GLFW_PRESS});
        }
    }
    static void on_character(GLFWwindow* window, unsigned int character) {
        State& state = of(window);
        state.keys.character(character, state.clock.monotonic());
    }
    static void on_key(GLFWwindow* window, int key, int /*scancode*/, int action, int modifiers) {
        if (action == GLFW_RELEASE) return;
        const std::optional<NavKey> meant = nav_key(key, (modifiers & GLFW_MOD_SHIFT) != 0);
        // A key that is held down does not press again and again: hands may be slow.
        if (!meant || (action == GLFW_REPEAT && *meant != NavKey::next && *meant != NavKey::previous)) return;
        State& state = of(window);
        state.keys.key(*meant, key == GLFW_KEY_ENTER || key == GLFW_KEY_TAB, state.clock.monotonic());
    }
    static void on_close(GLFWwindow* window) {
        if (of(window).locked) glfwSetWindowShouldClose(window, GLFW_FALSE);
    }
    static void on_refresh(GLFWwindow* window) { of(window).redraw = true; }
    static void on_resize(GLFWwindow* window, int /*width*/, int /*height*/) { of(window).redraw = true; }
};

Window::Window(std::unique_ptr<State> state) : state_(std::move(state)) {}
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;
Window::~Window() = default;

Expected<Window, WindowError> Window::create(const WindowOptions& options, const survey::Clock& clock) {
    auto state = std::make_unique<State>(clock);
    state->locked = options.locked;
    if (!state->library.ready) return unexpected(display_error(glfw_error()));

    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    glfwWindowHint(GLFW_RESIZABLE, GLFW_FALSE);
    glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);
    int width = std::max(options.width, 1);
    int height = std::max(options.height, 1);
    GLFWmonitor* monitor = nullptr;
    if (options.fullscreen) {
        monitor = glfwGetPrimaryMonitor();
        const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr;
        if (mode == nullptr) {
            return unexpected(WindowError{"no monitor is connected", "connect a monitor, or run without full screen"});
        }
        width = mode->width;
        height = mode->height;
    }
    state->window = glfwCreateWindow(width, height, options.title.c_str(), monitor, nullptr);
    if (state->window == nullptr) {
        return unexpected(WindowError{"no window with OpenGL 3: " + glfw_error(),
                                      "install a graphics driver (package libgl1-mesa-dri draws in software)"});
    }
    glfwMakeContextCurrent(state->window);
    glfwSwapInterval(1);
    if (options.fullscreen) glfwSetInputMode(state->window, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);

    state->context = ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
    // Own callbacks: the backend's would tell Dear ImGui where the pointer is now, not where the finger was.
    glfwSetWindowUserPointer(state->window, state.get());
    glfwGetCursorPos(state->window, &state->pointer_x, &state->pointer_y);
    glfwSetCursorPosCallback(state->window, State::on_move);
    glfwSetMouseButtonCallback(state->window, State::on_button);
    glfwSetKeyCallback(state->window, State::on_key);
    glfwSetCharCallback(state->window, State::on_character);
    glfwSetWindowCloseCallback(state->window, State::on_close);
    glfwSetWindowRefreshCallback(state->window, State::on_refresh);
    glfwSetFramebufferSizeCallback(state->window, State::on_resize);
    state->glfw_backend = ImGui_ImplGlfw_InitForOpenGL(state->window, false);
    state->opengl_backend = state->glfw_backend && ImGui_ImplOpenGL3_Init("#version 130");
    if (!state->opengl_backend) {
        return unexpected(WindowError{"OpenGL 3 can't be used here",
                                      "install a graphics driver (package libgl1-mesa-dri draws in software)"});
    }
    // The backend makes a texture of whatever font there is, in four bytes a pixel: it gets the smallest, once.
    ImGui_ImplOpenGL3_CreateDeviceObjects();
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    io.Fonts->Clear();
    state->white_texture = make_white_texture();
    return Window(std::move(state));
}

void Window::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGuiIO& io = ImGui::GetIO();
    // Zero aborts; an hour of sleep is no frame time.
    constexpr float kLeast_s = 0.0001F;
    constexpr float kMost_s = 0.1F;
    io.DeltaTime = std::clamp(io.DeltaTime, kLeast_s, kMost_s);
    // After the backend's NewFrame, which has just written where the pointer is now.
    const PointerState pointer = state_->touches.next_frame();
    io.MousePos = {pointer.x, pointer.y};
    io.MouseDown[0] = pointer.down;
    ImGui::NewFrame();
}

void Window::end_frame(ImU32 ground) {
    ImGui::Render();
    const Size size = framebuffer_size();
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ground);
    glViewport(0, 0, size.width, size.height);
    glClearColor(colour.x, colour.y, colour.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImDrawData& data = *ImGui::GetDrawData();
    const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    part_plain_shapes(data, atlas.TexID, atlas.TexUvWhitePixel,
                      {texture_id(state_->white_texture), mixing_off, mixing_on});
    ImGui_ImplOpenGL3_RenderDrawData(&data);
    glfwSwapBuffers(state_->window);
}

void Window::fonts_changed() {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    int width = 0;
    int height = 0;
    unsigned char* pixels = nullptr;
    // One channel, read as white with that alpha. Cards that can't do so (before 2010) get four bytes a pixel.
    const bool swizzles = glfwExtensionSupported("GL_ARB_texture_swizzle") == GLFW_TRUE ||
                          glfwExtensionSupported("GL_EXT_texture_swizzle") == GLFW_TRUE;
    if (swizzles) {
        atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
    } else {
        atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
    }
    if (state_->font_texture == 0) glGenTextures(1, &state_->font_texture);
    glBindTexture(GL_TEXTURE_2D, state_->font_texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    if (swizzles) {
        constexpr GLint kWhiteWithAlpha[] = {GL_ONE, GL_ONE, GL_ONE, GL_RED};
        glTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_RGBA, kWhiteWithAlpha);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, width, height, 0, GL_RED, GL_UNSIGNED_BYTE, pixels);
    } else {
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    }
    atlas.SetTexID(texture_id(state_->font_texture));
    atlas.ClearTexData();
    state_->redraw = true;
}

ImTextureID Window::add_picture(int width, int height, const unsigned char* rgba) {
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
    state_->pictures.push_back(texture);
    return texture_id(texture);
}

std::vector<KeyInput> Window::take_keys() {
    return state_->keys.take(state_->clock.monotonic());
}

std::optional<survey::MonoTime> Window::keys_deadline() const {
    return state_->keys.deadline();
}

std::vector<TouchEdge> Window::take_touch_edges() {
    return std::exchange(state_->edges, {});
}

void Window::wait_events(std::chrono::milliseconds timeout) {
    constexpr std::chrono::milliseconds kMost = std::chrono::hours(1);
    if (timeout <= std::chrono::milliseconds::zero()) return poll_events();
    glfwWaitEventsTimeout(std::chrono::duration<double>(std::min(timeout, kMost)).count());
}

void Window::poll_events() {
    glfwPollEvents();
}

void Window::wake() {
    glfwPostEmptyEvent();
}

bool Window::close_requested() const {
    return glfwWindowShouldClose(state_->window) == GLFW_TRUE;
}

bool Window::take_redraw_request() {
    return std::exchange(state_->redraw, false);
}

bool Window::owes_frames() const {
    return state_->touches.owes_frames();
}

const TouchQueue& Window::touches() const {
    return state_->touches;
}

Window::Size Window::framebuffer_size() const {
    Size size;
    glfwGetFramebufferSize(state_->window, &size.width, &size.height);
    return size;
}

std::string Window::renderer() const {
    const auto* name = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    return name == nullptr ? "unknown" : name;
}

}  // namespace hailong::kiosk
