namespace Images;

/// <summary>A rectangle in the units of a drawing, which is 800 wide.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double X => Left + (Width / 2);

    public double Y => Top + (Height / 2);
}
