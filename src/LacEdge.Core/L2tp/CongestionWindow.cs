namespace LacEdge.Core.L2tp;

/// <summary>Slow start and congestion avoidance (RFC 2661 appendix A): how many messages may be outstanding.</summary>
internal struct CongestionWindow
{
    private int _peerWindow;
    private int _congestion;
    private int _threshold;
    private int _acksSinceGrowth;

    /// <summary>Before the peer has told its receive window only the first message may be outstanding (RFC 2661 section 5.8).</summary>
    public CongestionWindow() => (_peerWindow, _congestion, _threshold) = (1, 1, int.MaxValue);

    public readonly int Size => Math.Min(_congestion, _peerWindow);

    public void SetPeerWindow(int window)
    {
        _peerWindow = _threshold = window;
        _congestion = Math.Min(_congestion, window);
    }

    /// <summary>An acknowledgement of something new: one more below the threshold, one more per window above it.</summary>
    public void Acknowledged()
    {
        if (_congestion < _threshold || ++_acksSinceGrowth >= _congestion)
        {
            _acksSinceGrowth = 0;
            // Never above the peer's window, once that is known.
            if (_congestion < _peerWindow || _threshold == int.MaxValue) _congestion++;
        }
    }

    public void TimedOut()
    {
        _threshold = Math.Max(1, _congestion / 2);
        _congestion = 1;
        _acksSinceGrowth = 0;
    }
}
