using System.CommandLine;
using LacEdge.Decode;
using LacEdge.Hosting;
using LacEdge.Lab;
using LacEdge.Recording;

const int usage = 2;
var root = new RootCommand("PPPoE access concentrator and L2TP LAC") { RunCommand.Create(), DecodeCommand.Create(), ReplayCommand.Create(), LabCommand.Create() };
var result = root.Parse(args);
var code = result.Invoke();
return result.Errors.Count > 0 ? usage : code;
